/// Base64 with the standard alphabet and padding (RFC 4648 §4); strict: no white space, no missing padding, no stray bits.
public enum Base64 {
    private static let alphabet = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The bytes that `text` stands for, or nil when it is not base64.
    public static func decode(_ text: String) -> [UInt8]? {
        let input = [UInt8](text.utf8)
        guard input.count % 4 == 0 else { return nil }
        let padding = input.suffix(2).reduce(0) { $0 + ($1 == UInt8(ascii: "=") ? 1 : 0) }
        if padding == 1, input.last != UInt8(ascii: "=") { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(input.count / 4 * 3)
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in input.dropLast(padding) {
            guard let value = value(of: byte) else { return nil }
            bits = bits << 6 | value
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
        // RFC 4648 §3.5: the bits that pad the last character must be zero.
        return bits & ((1 << UInt32(bitCount)) - 1) == 0 ? result : nil
    }

    /// `bytes` in base64.
    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
            for sextet in 0..<4 {
                let isPadding = sextet > count
                result.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(group >> UInt32(18 - 6 * sextet)) & 63])
            }
        }
        return result
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
