/// `application/x-www-form-urlencoded` (WHATWG URL §5), as forms and queries use it.
enum FormURLEncoded {
    /// Pairs accepted in one form or query.
    static let maximumPairs = 1_000

    /// The names and values of `bytes` in order; nil when there are too many pairs. As §5.1 says, nothing else is an error: broken
    /// encodings stand for themselves, bytes that are not UTF-8 become U+FFFD.
    static func parse(_ bytes: ArraySlice<UInt8>) -> [(name: String, value: String)]? {
        pairs(bytes)?.map { ($0.name, decode($0.value)) }
    }

    /// The same with the values still encoded.
    static func pairs(_ bytes: ArraySlice<UInt8>) -> [(name: String, value: ArraySlice<UInt8>)]? {
        var pairs: [(name: String, value: ArraySlice<UInt8>)] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < maximumPairs else { return nil }
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            pairs.append((decode(part[..<equals]), part[equals...].dropFirst()))
        }
        return pairs
    }

    static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool = true) -> String {
        guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex, let high = HexDigits.value(of: bytes[index + 1]),
                let low = HexDigits.value(of: bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `extra`: bytes beyond the unreserved ones that are left as they are.
    static func encode(_ text: String, into result: inout [UInt8], extra: Set<UInt8> = []) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: " "): result.append(UInt8(ascii: "+"))
            case UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): result.append(byte)
            case _ where FormatCheck.isLetter(byte) || FormatCheck.isDigit(byte) || extra.contains(byte): result.append(byte)
            default: result += [UInt8(ascii: "%"), HexDigits.upper(byte >> 4), HexDigits.upper(byte)]
            }
        }
    }
}
