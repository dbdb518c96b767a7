import FoundationEssentials
import GRDB
import Glibc

/// One SQLite file, opened for many readers and one writer.
///
/// The file is readable by its owner only. It is in WAL mode, checks foreign keys, and a connection waits at most five seconds for another
/// process that writes. A ``SQLiteMigrator`` makes its tables.
public struct SQLiteDatabase: Sendable {
    /// The connections. Internal: drivers stay inside this module.
    let pool: DatabasePool
    let path: String

    /// Opens a file; creates it, and the folders above it, when there is none.
    ///
    /// - Parameter path: Where the file is; `-wal` and `-shm` files lie beside it.
    /// - Throws: ``SQLiteFailure`` when the file cannot be created or is no SQLite database.
    public init(path: String) throws {
        try Self.createPrivateFile(at: path)
        self.path = path
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

    /// Reads from the file.
    ///
    /// - Throws: ``SQLiteFailure`` when that does not work; `CancellationError`.
    public func check() async throws {
        do {
            _ = try await pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw SQLiteFailure("The database \(path) cannot be read", cause: error)
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
    ///
    /// The file is never opened here: closing it again would end the locks that other connections of this process have on it, and another process
    /// would take it for one that nobody uses (sqlite.org/howtocorrupt.html, section 2.2).
    static func createPrivateFile(at path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw SQLiteFailure("The folder \(folder.path) cannot be created", cause: error)
        }
        guard mknod(path, S_IFREG | 0o600, 0) == 0 || errno == EEXIST else {
            throw SQLiteFailure("The file \(path) cannot be created: \(String(cString: strerror(errno)))")
        }
        guard chmod(path, 0o600) == 0 else {
            throw SQLiteFailure("The mode of \(path) cannot be set: \(String(cString: strerror(errno)))")
        }
    }
}
