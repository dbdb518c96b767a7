internal import Synchronization

/// Makes up correlation ids: no two of one connection are the same.
final class CorrelationSequence: Sendable {
    private let last = Mutex<Int64>(0)

    func next(_ kind: CorrelationRule.Kind) -> CorrelationValue {
        let number = last.withLock { last -> Int64 in
            last += 1
            return last
        }
        switch kind {
        case .integer: return .integer(number)
        case .string: return .string("r\(number)-\(Self.hexadecimal(UInt64.random(in: .min ... .max), digits: 16))")
        case .uuid: return .string(Self.uuid())
        }
    }

    /// A random UUID (RFC 9562 §5.4).
    private static func uuid() -> String {
        let high = UInt64.random(in: .min ... .max) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = UInt64.random(in: .min ... .max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = Array(hexadecimal(high, digits: 16) + hexadecimal(low, digits: 16))
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return groups.map { String($0) }.joined(separator: "-")
    }

    private static func hexadecimal(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
