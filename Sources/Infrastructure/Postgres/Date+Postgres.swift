internal import FoundationEssentials
internal import PostgresClient

extension Date {
    /// The instant, to the microsecond.
    var timestamp: PostgresTimestamp { PostgresTimestamp(microsecondsSince1970: Int64((timeIntervalSince1970 * 1_000_000).rounded())) }
}

extension PostgresTimestamp {
    var date: Date { Date(timeIntervalSince1970: Double(microsecondsSince1970) / 1_000_000) }
}
