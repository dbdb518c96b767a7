/// The checks behind ``StringFormat``, over bytes.
enum FormatCheck {
    typealias Bytes = ArraySlice<UInt8>

    static func isUUID(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count == 36 else { return false }
        for index in 0..<36 {
            let isHyphen = index == 8 || index == 13 || index == 18 || index == 23
            guard isHyphen ? text[index] == UInt8(ascii: "-") : HexDigits.value(of: text[index]) != nil else { return false }
        }
        return true
    }

    /// Scheme, then only characters that a URI may hold, percent-encodings complete.
    static func isURI(_ text: Bytes) -> Bool {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), let first = text.first, isLetter(first) else { return false }
        let isScheme = text[..<colon].allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
        guard isScheme, colon + 1 < text.endIndex else { return false }
        var fragments = 0
        var index = colon + 1
        while index < text.endIndex {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "%"):
                guard index + 2 < text.endIndex, HexDigits.value(of: text[index + 1]) != nil, HexDigits.value(of: text[index + 2]) != nil
                else { return false }
                index += 2
            case UInt8(ascii: "#"): fragments += 1
            default:
                guard isLetter(byte) || isDigit(byte) || "-._~:/?[]@!$&'()*+,;=".utf8.contains(byte) else { return false }
            }
            index += 1
        }
        return fragments <= 1
    }

    static func isEmail(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count <= 254, let at = text.lastIndex(of: UInt8(ascii: "@")), (1...64).contains(at) else { return false }
        let local = UnsafeBufferPointer(rebasing: text[..<at])
        let domain = UnsafeBufferPointer(rebasing: text[(at + 1)...])
        return isHostname(domain)
            && allParts(of: local) { atom in
                !atom.isEmpty
                    && atom.allSatisfy { byte in
                        if isLetter(byte) || isDigit(byte) { return true }
                        return "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
                    }
            }
    }

    static func isHostname(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard (1...253).contains(text.count) else { return false }
        return allParts(of: text) { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// Whether all parts between dots are as they should be.
    @inline(__always)
    private static func allParts(of text: UnsafeBufferPointer<UInt8>, _ isGood: (Slice<UnsafeBufferPointer<UInt8>>) -> Bool) -> Bool {
        var start = 0
        for index in 0...text.count where index == text.count || text[index] == UInt8(ascii: ".") {
            guard isGood(text[start..<index]) else { return false }
            start = index + 1
        }
        return true
    }

    static func isIPv4(_ text: Bytes) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.allSatisfy(isDigit) else { return false }
                // A leading zero reads as octal in some libraries; RFC 6943 §3.1.1 warns of it.
                guard part.count == 1 || part.first != UInt8(ascii: "0") else { return false }
                return part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
            }
    }

    static func isIPv6(_ text: Bytes) -> Bool {
        guard (2...45).contains(text.count) else { return false }
        let colon = UInt8(ascii: ":")
        var halves: [Bytes] = [text]
        if let gap = doubleColon(in: text) { halves = [text[..<gap], text[(gap + 2)...]] }
        var groups = 0
        for (number, half) in halves.enumerated() where !half.isEmpty {
            let parts = half.split(separator: colon, omittingEmptySubsequences: false)
            for (index, part) in parts.enumerated() {
                let isLast = number == halves.count - 1 && index == parts.count - 1
                if isLast, part.contains(UInt8(ascii: ".")) {
                    guard isIPv4(part) else { return false }
                    groups += 2
                } else {
                    guard (1...4).contains(part.count), part.allSatisfy({ HexDigits.value(of: $0) != nil }) else { return false }
                    groups += 1
                }
            }
        }
        return halves.count == 2 ? groups <= 7 : groups == 8
    }

    private static func doubleColon(in text: Bytes) -> Int? {
        text.indices.dropLast().first { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":") }
    }

    static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
