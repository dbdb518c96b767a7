/// The steps of one service's tables in one dialect of SQL, in order.
public struct MigrationSequence: Sendable {
    /// The service's name, such as `auth`; it keeps the steps of several services in one database apart.
    public let service: String
    public let migrations: [Migration]

    public init(service: String, _ migrations: [Migration]) {
        self.service = service
        self.migrations = migrations.sorted { $0.number < $1.number }
    }

    /// What is still to be applied.
    ///
    /// - Throws: ``MigrationFailure`` when the database is not on the way that these steps lead: nothing must be applied then.
    public func pending(after applied: [AppliedMigration]) throws(MigrationFailure) -> ArraySlice<Migration> {
        guard migrations.enumerated().allSatisfy({ $0.element.number == $0.offset + 1 }) else {
            throw MigrationFailure(.gap, service, "the numbers of the program's own steps have gaps")
        }
        let applied = applied.sorted { $0.number < $1.number }
        for (index, step) in applied.enumerated() {
            guard step.number == index + 1 else {
                throw MigrationFailure(.gap, service, "step \(index + 1) is missing from those that were applied")
            }
            guard index < migrations.count else {
                throw MigrationFailure(
                    .newer, service, "step \(step.number), \(step.name), was applied by a newer version of the program; run that one")
            }
            guard migrations[index].checksum == step.checksum else {
                throw MigrationFailure(
                    .changed, service,
                    "step \(step.number), \(step.name), was changed after it had been applied; restore it and add a step instead")
            }
        }
        return migrations[applied.count...]
    }
}
