import FoundationEssentials
import GRDB
import Glibc

/// One SQLite file, opened for many readers and one writer.
///
/// The file is readable by its owner only. It is in WAL mode, checks foreign keys, and a connection waits at most five seconds for another
/// process that writes. Each part of the system that keeps its data here applies its own ``SQLiteSchema`` first.
public struct SQLiteDatabase: Sendable {
    /// The connections. Internal: drivers stay inside this module.
    let pool: DatabasePool

    /// Opens a file; creates it, and the folders above it, when there is none.
    ///
    /// - Parameter path: Where the file is; `-wal` and `-shm` files lie beside it.
    /// - Throws: ``SQLiteFailure`` when the file cannot be created or is no SQLite database.
    public init(path: String) throws {
        try Self.createPrivateFile(at: path)
        var configuration = Configuration()
        configuration.label = "codelab"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw SQLiteFailure("The database \(path) cannot be opened", cause: error)
        }
    }

    /// Brings the file to the newest version of a schema: every migration that was not applied yet, in order, each in a transaction.
    ///
    /// - Throws: ``SQLiteFailure`` when a migration fails, or when a newer version of the program has changed the file.
    public func apply(_ schema: SQLiteSchema) throws {
        var migrator = DatabaseMigrator()
        for migration in schema.migrations {
            migrator.registerMigration("\(schema.name)-\(migration.number)") { database in
                try database.execute(sql: migration.sql)
            }
        }
        do {
            let known = Set(migrator.migrations)
            var applied = try pool.read { try migrator.appliedIdentifiers($0) }
            let newer = applied.filter { $0.hasPrefix("\(schema.name)-") && !known.contains($0) }
            guard newer.isEmpty else {
                throw SQLiteFailure("The database was changed by a newer version: \(newer.sorted().joined(separator: ", "))")
            }
            while true {
                do {
                    return try migrator.migrate(pool)
                } catch {
                    // Another process on the same file may have applied the step in the meantime: ours was rolled back. Look again, as long as
                    // there is such progress.
                    let now = try pool.read { try migrator.appliedIdentifiers($0) }
                    guard now.count > applied.count else { throw error }
                    applied = now
                }
            }
        } catch let failure as SQLiteFailure {
            throw failure
        } catch {
            throw SQLiteFailure("The schema \(schema.name) cannot be brought up to date", cause: error)
        }
    }

    /// Ends all connections; later calls fail. Needed only before the file is opened again by the same process.
    public func close() throws {
        do {
            try pool.close()
        } catch {
            throw SQLiteFailure("The database cannot be closed", cause: error)
        }
    }

    /// SQLite gives its `-wal` and `-shm` files the mode of the main file, so that the mode must be right before SQLite sees it.
    private static func createPrivateFile(at path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw SQLiteFailure("The folder \(folder.path) cannot be created", cause: error)
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SQLiteFailure("The file \(path) cannot be created: \(String(cString: strerror(errno)))") }
        defer { _ = Glibc.close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else {
            throw SQLiteFailure("The mode of \(path) cannot be set: \(String(cString: strerror(errno)))")
        }
    }
}
