/// Brings the tables of a database up to date. Any number of processes may do so at once: each step is applied once.
public protocol Migrator: Sendable {
    /// Applies what is missing, each step in a transaction of its own.
    ///
    /// - Returns: The steps that this call applied.
    /// - Throws: ``MigrationFailure``; the driver's error when the database cannot be asked; `CancellationError`.
    @discardableResult
    func apply(_ sequence: MigrationSequence) async throws -> [Migration]

    /// What has been applied, and what has not; changes nothing.
    ///
    /// - Throws: As ``apply(_:)``.
    func status(of sequence: MigrationSequence) async throws -> MigrationStatus
}
