/// Which entry of a stream: `milliseconds-number`, as Redis writes it.
///
/// The numbers of a stream's entries follow one another without a gap, from 1: so that what is missing is noticed.
public struct StreamEntryID: Sendable, Hashable, Comparable {
    /// When it was appended, in milliseconds since 1970; never less than that of the entry before.
    public let milliseconds: UInt64
    /// One more than that of the entry before.
    public let number: UInt64

    public init(milliseconds: UInt64, number: UInt64) {
        self.milliseconds = milliseconds
        self.number = number
    }

    /// Before every entry.
    public static let zero = StreamEntryID(milliseconds: 0, number: 0)

    public static func < (first: Self, second: Self) -> Bool {
        (first.milliseconds, first.number) < (second.milliseconds, second.number)
    }

    /// Whether nothing is between this entry and a later one.
    public func isFollowed(by other: Self) -> Bool { number < .max && other.number == number + 1 && self < other }
}

extension StreamEntryID: LosslessStringConvertible {
    /// - Parameter text: Two decimal numbers of 64 bits with a hyphen between them; anything else gives nil.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }),
            let milliseconds = UInt64(parts[0]), let number = UInt64(parts[1])
        else { return nil }
        self.init(milliseconds: milliseconds, number: number)
    }

    public var description: String { "\(milliseconds)-\(number)" }
}
