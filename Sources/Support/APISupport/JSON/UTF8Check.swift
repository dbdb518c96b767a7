/// Well-formedness of UTF-8 (RFC 3629 §4, Unicode table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
package enum UTF8Check {
    /// The offset of the first byte that starts no well-formed sequence, or nil when there is none.
    static func firstInvalidOffset(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let raw = UnsafeRawPointer(base)
        let count = bytes.count
        var index = 0
        while index < count {
            if index &+ 8 <= count, raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
                index &+= 8
                continue
            }
            if base[index] < 0x80 {
                index &+= 1
                continue
            }
            let length = sequenceLength(base + index, available: count &- index)
            if length == 0 { return index }
            index &+= length
        }
        return nil
    }

    /// Whether the bytes are well-formed UTF-8.
    package static func isValid(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBufferPointer { firstInvalidOffset(in: $0) == nil } }

    /// The length of the multi-byte sequence at `start`; 0 when it is not well-formed or cut off.
    private static func sequenceLength(_ start: UnsafePointer<UInt8>, available: Int) -> Int {
        let lead = start[0]
        let length: Int
        var secondRange: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, secondRange) = (3, 0xA0...0xBF)
        case 0xED: (length, secondRange) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, secondRange) = (4, 0x90...0xBF)
        case 0xF4: (length, secondRange) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return 0
        }
        guard available >= length, secondRange.contains(start[1]) else { return 0 }
        for offset in 2..<max(length, 2) where start[offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
