/// The tables of one part of the system, as the numbered steps that lead to them.
///
/// A step that has been released is never changed: what it did is in somebody's file. A new one is added instead.
public struct SQLiteSchema: Sendable {
    /// One step.
    public struct Migration: Sendable {
        /// Three digits, such as `001`: the order of the steps, and their identity in the table of applied ones.
        public let number: String
        /// The statements.
        public let sql: String

        public init(_ number: String, sql: String) {
            self.number = number
            self.sql = sql
        }
    }

    /// The part's name, such as `auth`; it keeps the steps of several parts in one file apart.
    public let name: String
    /// The steps, in order.
    public let migrations: [Migration]

    public init(name: String, migrations: [Migration]) {
        self.name = name
        self.migrations = migrations
    }
}
