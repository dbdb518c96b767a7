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
        let bytes = ArraySlice([UInt8](text.utf8))
        guard (20...64).contains(bytes.count), let date = CivilDate(bytes[..<10]), bytes[10] | 0x20 == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = CivilDate.number(bytes[11..<13]), let minute = CivilDate.number(bytes[14..<16]),
            let second = CivilDate.number(bytes[17..<19]), hour <= 23, minute <= 59, second <= 60
        else { return nil }
        var rest = bytes[19...]
        var nanoseconds: Int32 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix(while: FormatCheck.isDigit)
            guard !digits.isEmpty else { return nil }
            for index in 0..<9 {
                let digit = index < digits.count ? digits[digits.startIndex + index] - UInt8(ascii: "0") : 0
                nanoseconds = nanoseconds * 10 + Int32(digit)
            }
            rest = rest[digits.endIndex...]
        }
        guard let offset = Self.offset(rest) else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second - offset
        self.init(secondsSinceEpoch: Int64(seconds), nanoseconds: nanoseconds)
    }

    /// `Z` or `+hh:mm`, in seconds.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
        if text.count == 1, let letter = text.first, letter | 0x20 == UInt8(ascii: "z") { return 0 }
        let start = text.startIndex
        guard text.count == 6, text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"), text[start + 3] == UInt8(ascii: ":"),
            let hours = CivilDate.number(text[(start + 1)..<(start + 3)]), let minutes = CivilDate.number(text[(start + 4)...]),
            hours <= 23, minutes <= 59
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return text[start] == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// RFC 3339 in UTC, with as many fraction digits (0, 3, 6 or 9) as it needs. Years outside 0000 to 9999 have no RFC 3339 text and are
    /// written as the nearest year that has.
    public var description: String {
        let limits = (lower: Int64(-62_167_219_200), upper: Int64(253_402_300_799))
        let seconds = Int(min(max(secondsSinceEpoch, limits.lower), limits.upper))
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let time = seconds - days * 86_400
        let date = CivilDate(daysSinceEpoch: days)
        var text = Self.padded(date.year, 4) + "-" + Self.padded(date.month, 2) + "-" + Self.padded(date.day, 2) + "T"
        text += Self.padded(time / 3_600, 2) + ":" + Self.padded(time / 60 % 60, 2) + ":" + Self.padded(time % 60, 2)
        if nanoseconds != 0 {
            let fraction = Int(nanoseconds)
            if fraction % 1_000_000 == 0 {
                text += "." + Self.padded(fraction / 1_000_000, 3)
            } else if fraction % 1_000 == 0 {
                text += "." + Self.padded(fraction / 1_000, 6)
            } else {
                text += "." + Self.padded(fraction, 9)
            }
        }
        return text + "Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
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
