/// Resolution of the escapes of a string token that the reader has already checked.
enum JSONEscapes {
    /// The token's bytes with every escape (RFC 8259 §7) replaced by what it stands for.
    static func resolve(_ token: [UInt8]) -> [UInt8] { token.withUnsafeBufferPointer { resolve($0) } }

    static func resolve(_ token: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(token.count)
        var index = 0
        while index < token.count {
            let plain = token[index...].firstIndex(of: UInt8(ascii: "\\")) ?? token.endIndex
            if plain > index {
                result.append(contentsOf: UnsafeBufferPointer(rebasing: token[index..<plain]))
                index = plain
                continue
            }
            guard index + 1 < token.count else {
                result.append(token[index])
                break
            }
            let escape = token[index + 1]
            index += 2
            switch escape {
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = codeUnit(token, at: index)
                index += 4
                if (0xD800...0xDBFF).contains(scalar) {
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + (codeUnit(token, at: index + 2) & 0x3FF)
                    index += 6
                }
                // The reader has refused unpaired surrogates, so this is always a scalar value.
                result.append(contentsOf: Array(String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8))
            default: result.append(escape)
            }
        }
        return result
    }

    private static func codeUnit(_ token: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32 {
        var unit: UInt32 = 0
        for offset in index..<(index + 4) {
            unit = unit << 4 | UInt32(offset < token.count ? HexDigits.value(of: token[offset]) ?? 0 : 0)
        }
        return unit
    }
}

/// Hexadecimal digits, as JSON escapes and percent-encoding write them.
enum HexDigits {
    @inline(__always)
    static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }

    /// The digit for the low four bits of `value`, upper case.
    static func upper(_ value: UInt8) -> UInt8 {
        let digit = value & 0x0F
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }

    /// The digit for the low four bits of `value`, lower case.
    static func lower(_ value: UInt8) -> UInt8 {
        let digit = value & 0x0F
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
