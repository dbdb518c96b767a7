/// A step that a database has behind it.
public struct AppliedMigration: Sendable, Equatable {
    public let number: Int
    public let name: String
    public let checksum: String

    public init(number: Int, name: String, checksum: String) {
        self.number = number
        self.name = name
        self.checksum = checksum
    }
}

/// How far a database is on the way of a sequence.
public struct MigrationStatus: Sendable, Equatable {
    /// In order.
    public let applied: [AppliedMigration]
    /// What is missing, in order.
    public let pending: [Migration]

    /// - Throws: ``MigrationFailure`` when the database is not on the sequence's way.
    public init(of sequence: MigrationSequence, applied: [AppliedMigration]) throws(MigrationFailure) {
        pending = Array(try sequence.pending(after: applied))
        self.applied = applied.sorted { $0.number < $1.number }
    }
}
