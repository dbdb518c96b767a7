/// A statement with its parameters. Written as a string with interpolations, each of which becomes a bound parameter, never text of the
/// statement:
///
/// ```swift
/// let rows = try await pool.query("SELECT name FROM users WHERE id = \(id)")
/// ```
public struct PostgresQuery: Sendable, ExpressibleByStringInterpolation {
    /// The text, with `$1`, `$2`, … for the parameters. Connections prepare it once, so it should be one of few.
    public let sql: String
    public let parameters: [PostgresValue]

    /// A statement whose text is given apart from its parameters.
    public init(sql: String, parameters: [PostgresValue] = []) {
        self.sql = sql
        self.parameters = parameters
    }

    public init(stringLiteral value: String) { self.init(sql: value) }

    public init(stringInterpolation: StringInterpolation) {
        self.init(sql: stringInterpolation.sql, parameters: stringInterpolation.parameters)
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql: String
        fileprivate var parameters: [PostgresValue]

        public init(literalCapacity: Int, interpolationCount: Int) {
            sql = ""
            sql.reserveCapacity(literalCapacity + interpolationCount * 3)
            parameters = []
            parameters.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) { sql += literal }

        public mutating func appendInterpolation(_ value: some PostgresEncodable) {
            parameters.append(value.postgresValue)
            sql += "$"
            sql += String(parameters.count)
        }

        /// nil is NULL.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            appendInterpolation(value.map(\.postgresValue) ?? .null)
        }

        /// A table's, column's or channel's name, quoted.
        public mutating func appendInterpolation(identifier: String) { sql += PostgresQuery.quoted(identifier) }
    }

    /// An identifier in double quotes (PostgreSQL, section 4.1.1).
    public static func quoted(_ identifier: String) -> String {
        "\"\(identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}
