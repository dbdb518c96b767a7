internal import FoundationEssentials

/// An instant in UTC with nanoseconds, written as RFC 3339 `date-time`.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted; negative before.
    public var secondsSinceEpoch: Int64
    /// 0 to 999,999,999, after the second.
    public var nanoseconds: Int32

    /// Nanoseconds outside 0..<1,000,000,000 are carried into the seconds.
    public init(secondsSinceEpoch: Int64, nanoseconds: Int32 = 0) {
        let billion: Int32 = 1_000_000_000
        let carry = nanoseconds >= 0 ? nanoseconds / billion : (nanoseconds - billion + 1) / billion
        self.secondsSinceEpoch = secondsSinceEpoch &+ Int64(carry)
        self.nanoseconds = nanoseconds - carry * billion
    }

    /// The instant of the call by the system's clock.
    public static func now() -> Timestamp {
        let seconds = Date().timeIntervalSince1970
        let whole = seconds.rounded(.down)
        // A double holds today's seconds to about a quarter of a microsecond: digits beyond that would be noise.
        let microseconds = ((seconds - whole) * 1_000_000).rounded(.down)
        return Timestamp(secondsSinceEpoch: Int64(whole), nanoseconds: Int32(microseconds) * 1_000)
    }

    /// RFC 3339 §5.6 `date-time`: a leap second reads as the second after it; digits beyond nanoseconds are cut off. nil when it is none.
    public init?(_ text: String) {
        var text = text
        guard let value = text.withUTF8({ Timestamp(utf8: $0) }) else { return nil }
        self = value
    }

    init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard (20...64).contains(bytes.count), bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = Self.number(bytes, 0, 4), let month = Self.number(bytes, 5, 2), let day = Self.number(bytes, 8, 2),
            let date = CivilDate(year: year, month: month, day: day),
            let hour = Self.number(bytes, 11, 2), let minute = Self.number(bytes, 14, 2), let second = Self.number(bytes, 17, 2),
            hour <= 23, minute <= 59, second <= 60
        else { return nil }
        var end = 19
        var nanoseconds: Int32 = 0
        if bytes[end] == UInt8(ascii: ".") {
            end += 1
            let start = end
            var scale: Int32 = 100_000_000
            while end < bytes.count, FormatCheck.isDigit(bytes[end]) {
                nanoseconds += Int32(bytes[end] - UInt8(ascii: "0")) * scale
                scale /= 10
                end += 1
            }
            guard end > start else { return nil }
        }
        guard let offset = Self.offset(bytes, end) else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second - offset
        self.init(secondsSinceEpoch: Int64(seconds), nanoseconds: nanoseconds)
    }

    /// `count` digits at `start`, and nothing else.
    private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
        var number = 0
        for index in start..<(start + count) {
            guard FormatCheck.isDigit(bytes[index]) else { return nil }
            number = number * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        }
        return number
    }

    /// `Z` or `+hh:mm` from `start` to the end, in seconds.
    private static func offset(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        let count = bytes.count - start
        if count == 1, bytes[start] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard count == 6, bytes[start] == UInt8(ascii: "+") || bytes[start] == UInt8(ascii: "-"), bytes[start + 3] == UInt8(ascii: ":"),
            let hours = number(bytes, start + 1, 2), let minutes = number(bytes, start + 4, 2), hours <= 23, minutes <= 59
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return bytes[start] == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// RFC 3339 in UTC, with as many fraction digits (0, 3, 6 or 9) as it needs. Years outside 0000 to 9999 have no RFC 3339 text and are
    /// written as the nearest year that has.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.longestText) { buffer in
            var count = 0
            write { byte in
                buffer[count] = byte
                count += 1
            }
            return count
        }
    }

    /// `2026-03-14T09:26:53.589793238Z`
    static let longestText = 30

    /// Gives the bytes of ``description``, at most ``longestText`` of them.
    @inline(__always)
    func write(_ append: (UInt8) -> Void) {
        let limits = (lower: Int64(-62_167_219_200), upper: Int64(253_402_300_799))
        let seconds = Int(min(max(secondsSinceEpoch, limits.lower), limits.upper))
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let time = seconds - days * 86_400
        let date = CivilDate(daysSinceEpoch: days)
        Self.write(date.year / 100, append)
        Self.write(date.year % 100, append)
        append(UInt8(ascii: "-"))
        Self.write(date.month, append)
        append(UInt8(ascii: "-"))
        Self.write(date.day, append)
        append(UInt8(ascii: "T"))
        Self.write(time / 3_600, append)
        append(UInt8(ascii: ":"))
        Self.write(time / 60 % 60, append)
        append(UInt8(ascii: ":"))
        Self.write(time % 60, append)
        if nanoseconds != 0 { Self.write(fraction: Int(nanoseconds), append) }
        append(UInt8(ascii: "Z"))
    }

    /// Two digits.
    @inline(__always)
    private static func write(_ number: Int, _ append: (UInt8) -> Void) {
        append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / 10))
        append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10))
    }

    /// A point and 3, 6 or 9 digits of the nanoseconds.
    private static func write(fraction: Int, _ append: (UInt8) -> Void) {
        append(UInt8(ascii: "."))
        var rest = fraction
        var divisor = 100_000_000
        let end = fraction % 1_000_000 == 0 ? 100_000 : fraction % 1_000 == 0 ? 100 : 0
        while divisor > end {
            append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.secondsSinceEpoch, lhs.nanoseconds) < (rhs.secondsSinceEpoch, rhs.nanoseconds)
    }

    /// The instant `duration` later; earlier when it is negative. Fractions below a nanosecond are cut off.
    public func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let fraction = Int64(nanoseconds) + attoseconds / 1_000_000_000
        let carry: Int64 = fraction < 0 ? -1 : fraction / 1_000_000_000
        let rest = Int32(truncatingIfNeeded: fraction - carry * 1_000_000_000)
        return Timestamp(secondsSinceEpoch: secondsSinceEpoch &+ seconds &+ carry, nanoseconds: rest)
    }
}

extension Timestamp {
    /// The IMF-fixdate of HTTP (RFC 9110 §5.6.7), whole seconds.
    public var httpDate: String {
        let text = description
        let parts = text.utf8.split {
            $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "Z")
        }
        .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count >= 4, let date = CivilDate(ArraySlice([UInt8](text.utf8.prefix(10)))) else { return text }
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 1970-01-01 was a Thursday.
        let day = days[((date.daysSinceEpoch % 7) + 7) % 7]
        return "\(day), \(parts[2]) \(months[date.month - 1]) \(parts[0]) \(parts[3]) GMT"
    }
}
