extension FormatCheck {
    /// RFC 3339 full-time: what follows the `T` of a date-time. A leap second is one only at the end of a day in UTC.
    static func isTime(_ text: String) -> Bool {
        guard text.utf8.first != UInt8(ascii: "T") else { return false }
        return Timestamp("2016-12-31T" + text) != nil || Timestamp("2016-12-30T" + text) != nil
    }

    /// RFC 3339 appendix A: `P3Y6M4DT12H30M5S`, `P2W`; at least one part, the parts in their order.
    static func isDuration(_ text: Bytes) -> Bool {
        guard text.first == UInt8(ascii: "P"), text.count > 1 else { return false }
        var index = text.startIndex + 1
        var units = Array("YMWD".utf8)[...]
        var isInTime = false
        var count = 0
        var partsInTime = 0
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "T"), !isInTime {
                isInTime = true
                units = Array("HMS".utf8)[...]
                index += 1
                continue
            }
            let start = index
            while index < text.endIndex, isDigit(text[index]) { index += 1 }
            guard index > start, index < text.endIndex, let unit = units.firstIndex(of: text[index]) else { return false }
            units = units[(unit + 1)...]
            index += 1
            count += 1
            if isInTime { partsInTime += 1 }
        }
        // Weeks stand alone.
        let hasWeeks = text.contains(UInt8(ascii: "W"))
        return count > 0 && (!isInTime || partsInTime > 0) && (!hasWeeks || count == 1)
    }

    /// RFC 3986 §4.1: a URI, or the same without a scheme, which may be empty.
    static func isURIReference(_ text: Bytes) -> Bool {
        if isURI(text) { return true }
        // A colon in the first segment would begin a URI.
        let segment = text.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        return !segment.contains(UInt8(ascii: ":")) && isURI(ArraySlice([UInt8]("s:/".utf8) + text))
    }
}
