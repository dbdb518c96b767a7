internal import Crypto

/// One numbered step of a database's tables.
///
/// A step that has been released is never changed: what it did is in somebody's database. A new one is added instead.
public struct Migration: Sendable, Equatable {
    /// From 1, without gaps.
    public let number: Int
    /// What it does, as in the file's name.
    public let name: String
    public let sql: String
    /// SHA-256 of ``sql``, in hexadecimal digits: what tells whether an applied step was changed since.
    public let checksum: String

    public init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
        checksum = SHA256.hash(data: Array(sql.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}

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

/// A database's tables cannot be brought up to date.
public struct MigrationFailure: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable {
        /// An applied step differs from the program's.
        case changed
        /// The database has steps that the program does not know.
        case newer
        /// A number is missing.
        case gap
        /// Another process has been at it for too long.
        case locked
        /// A step failed, and was rolled back.
        case failed
    }

    public let code: Code
    public let service: String
    public let message: String
    public let cause: (any Error)?

    public init(_ code: Code, _ service: String, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.service = service
        self.message = message
        self.cause = cause
    }

    public var description: String {
        let text = "The tables of \(service) cannot be brought up to date: \(message)"
        return cause.map { "\(text): \($0)" } ?? text
    }
}
