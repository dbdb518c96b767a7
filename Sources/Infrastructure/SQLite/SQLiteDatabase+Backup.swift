import FoundationEssentials
import GRDB
import Glibc

extension SQLiteDatabase {
    /// Writes the content, as it is at this moment, into a new file, while others go on with this one (sqlite.org/lang_vacuum.html, VACUUM INTO).
    ///
    /// The copy is its owner's only, whole, and on the disk when this returns. It blocks the thread.
    ///
    /// - Throws: ``SQLiteFailure``; a copy that was begun may be left.
    public func copy(to path: String) throws {
        try Self.createPrivateFile(at: path)
        do {
            try pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
            try DatabaseQueue(path: path, configuration: Self.reading).read { try Self.checkIntegrity($0) }
        } catch {
            throw SQLiteFailure("\(self.path) cannot be copied to \(path)", cause: error)
        }
        try Self.synchronize(path)
    }

    /// Puts the content of a copy in place of a file's, in one transaction: the file is as it was, or as the copy.
    ///
    /// Nobody else may have the file open; there need not be one. It blocks the thread.
    ///
    /// - Throws: ``SQLiteFailure``: also when the file is in use, or the copy is damaged.
    public static func restore(_ path: String, from copy: String) throws {
        do {
            let source = try DatabaseQueue(path: copy, configuration: reading)
            try source.read { try checkIntegrity($0) }
            try createPrivateFile(at: path)
            let target = try DatabaseQueue(path: path, configuration: alone)
            do {
                try source.backup(to: target)
            } catch {
                try target.close()
                throw error
            }
            try target.close()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            throw SQLiteFailure("\(path) is in use: stop the service first")
        } catch {
            throw SQLiteFailure("\(path) cannot be restored from \(copy)", cause: error)
        }
    }

    private static var reading: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        return configuration
    }

    /// For the only connection of all processes: a file leaves WAL mode only when nobody else has it open (sqlite.org/wal.html).
    private static var alone: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(1)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            guard try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE") == "delete" else {
                throw DatabaseError(resultCode: .SQLITE_BUSY)
            }
        }
        return configuration
    }

    private static func checkIntegrity(_ database: Database) throws {
        let found = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") ?? ""
        guard found == "ok" else { throw SQLiteFailure("The copy is damaged: \(found)") }
    }

    /// SQLite does not wait for the disk here.
    private static func synchronize(_ path: String) throws {
        for place in [path, URL(filePath: path).deletingLastPathComponent().path] {
            let descriptor = open(place, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw SQLiteFailure("\(place) cannot be opened: \(String(cString: strerror(errno)))") }
            defer { _ = Glibc.close(descriptor) }
            guard fsync(descriptor) == 0 else { throw SQLiteFailure("\(place) cannot be kept: \(String(cString: strerror(errno)))") }
        }
    }
}
