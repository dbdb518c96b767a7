/// Percent-encoding (RFC 3986 §2.1).
package enum PercentEncoding {
    /// `text` with everything but unreserved characters (§2.3) encoded: safe as a path segment, a query name or value.
    package static func encode(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), HexDigits.upper(byte >> 4), HexDigits.upper(byte)]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `text` with reserved characters left as they are (RFC 6570 §3.2.3), encoded triplets too, where the query of a form allows them:
    /// not `#`, `[`, `]`, which no query has (RFC 3986 §3.4), nor `&` and `+`, which mean something there.
    package static func encodeReserved(_ text: String) -> String {
        let bytes = [UInt8](text.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isTriplet =
                byte == UInt8(ascii: "%") && index + 2 < bytes.count && HexDigits.value(of: bytes[index + 1]) != nil
                && HexDigits.value(of: bytes[index + 2]) != nil
            if isUnreserved(byte) || isTriplet || ":/?@!$'()*,;=".utf8.contains(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), HexDigits.upper(byte >> 4), HexDigits.upper(byte)]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text of one path segment; nil when an encoding is cut off or the bytes are not UTF-8.
    static func decodeSegment(_ segment: Substring) -> String? {
        guard segment.utf8.contains(UInt8(ascii: "%")) else { return String(segment) }
        let bytes = [UInt8](segment.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, let high = HexDigits.value(of: bytes[index + 1]),
                    let low = HexDigits.value(of: bytes[index + 2])
                else { return nil }
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return UTF8Check.isValid(result) ? String(decoding: result, as: UTF8.self) : nil
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        FormatCheck.isLetter(byte) || FormatCheck.isDigit(byte) || "-._~".utf8.contains(byte)
    }
}
