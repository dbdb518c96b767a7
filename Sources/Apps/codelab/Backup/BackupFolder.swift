import FoundationEssentials
import Glibc

/// A folder with backups: each is a folder named by its time, as in `2026-11-25T021700Z`, with a file a service.
struct BackupFolder: Sendable {
    let path: String

    /// Makes a backup; it is there as a whole, or not at all.
    ///
    /// - Parameter write: Writes the files into the folder that it is given.
    /// - Returns: Its name.
    func add(at now: Date, _ write: (String) throws -> Void) throws -> String {
        try PrivateFile.makeFolder(path)
        let name = Self.name(of: now)
        let partial = "\(path)/.partial-\(name)"
        try PrivateFile.makeFolder(partial)
        do {
            try write(partial)
            guard rename(partial, "\(path)/\(name)") == 0 else {
                throw ConfigurationError("\(path)/\(name) cannot be made: \(String(cString: strerror(errno)))")
            }
        } catch {
            try? FileManager.default.removeItem(atPath: partial)
            throw error
        }
        return name
    }

    /// The backups' names, the oldest first.
    func names() throws -> [String] {
        guard FileManager.default.fileExists(atPath: path) else { throw ConfigurationError("there is no folder \(path)") }
        return try FileManager.default.contentsOfDirectory(atPath: path).filter { Self.date(of: $0) != nil }.sorted()
    }

    /// The folder of a backup.
    ///
    /// - Parameter name: A backup's name, or `latest`.
    func backup(_ name: String) throws -> String {
        let names = try names()
        guard let found = name == "latest" ? names.last : names.first(where: { $0 == name }) else {
            throw ConfigurationError("there is no backup \(name) in \(path)")
        }
        return "\(path)/\(found)"
    }

    /// Removes those made before an instant, but never the newest.
    ///
    /// - Returns: Their names.
    func removeBackups(before limit: Date) throws -> [String] {
        let old = try names().dropLast().filter { name in Self.date(of: name).map { $0 < limit } ?? false }
        for name in old { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
        return Array(old)
    }

    private static func name(of date: Date) -> String { date.ISO8601Format().filter { $0 != ":" } }

    private static func date(of name: String) -> Date? {
        guard name.utf8.count == 18, name.hasSuffix("Z") else { return nil }
        let time = name.dropFirst(11)
        let text = "\(name.prefix(11))\(time.prefix(2)):\(time.dropFirst(2).prefix(2)):\(time.dropFirst(4))"
        return try? Date(text, strategy: .iso8601)
    }
}
