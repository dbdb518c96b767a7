import FoundationEssentials
import Glibc

/// Files and folders that only their owner may read: keys, tokens, databases.
enum PrivateFile {
    /// Makes a folder (and those above it) that only its owner may enter; one that exists stays as it is.
    static func makeFolder(_ path: String) throws {
        var isFolder = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            guard isFolder else { throw ConfigurationError("\(path) is not a folder") }
            return
        }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ConfigurationError("the folder \(path) cannot be made: \(error.localizedReason)")
        }
    }

    /// Reads a small file; nil when there is none.
    static func read(_ path: String) throws -> String? {
        guard access(path, F_OK) == 0 else { return nil }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20 else {
            throw ConfigurationError("\(path) cannot be read")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Writes a file with mode 0600 beside its place and renames it there, so that nobody ever sees a part of it.
    static func write(_ text: String, to path: String) throws {
        let temporary = path + "." + String(UInt64.random(in: .min ... .max), radix: 36)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else {
                let error = failure(path)
                unlink(temporary)
                throw error
            }
            rest = rest.dropFirst(max(count, 0))
        }
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            let error = failure(path)
            unlink(temporary)
            throw error
        }
    }

    private static func failure(_ path: String) -> ConfigurationError {
        ConfigurationError("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}

extension Error {
    /// The reason without the type's name.
    fileprivate var localizedReason: String { (self as? CocoaError).map { "error \($0.code.rawValue)" } ?? "\(self)" }
}
