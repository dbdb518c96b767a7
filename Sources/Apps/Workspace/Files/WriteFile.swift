import APISupport
import Glibc

/// `write_file`: the whole text of a file, put in place in one step: a reader sees the old text or the new one, never a part.
enum WriteFile {
    static let accepted = ["path", "content", "encoding", "create_dirs", "backup"]
    static let maximumSize = 8 << 20

    static func run(_ object: JSONObject, in root: Directory) throws(ToolFailure) -> JSONObject {
        let arguments = try ToolArguments(object, tool: "write_file", accepted: accepted)
        let path = try WorkspacePath(arguments.requiredString("path"))
        let encoding = try TextEncoding(named: arguments.string("encoding") ?? TextEncoding.utf8.rawValue)
        let createsFolders = try arguments.flag("create_dirs", default: false)
        let keepsBackup = try arguments.flag("backup", default: false)
        let bytes = try encoding.encode(arguments.requiredString("content"))
        guard bytes.count <= maximumSize else {
            throw ToolFailure(.tooLarge, "the content has \(bytes.count) bytes; write_file takes at most \(maximumSize)")
        }

        let target: (folder: Directory, name: String, path: String, exists: Bool)
        switch try PathResolution.resolve(path, in: root, createsFolders: createsFolders) {
        case .directory(_, let path): throw ToolFailure(.notAFile, "'\(shortened(path))' is a folder")
        case .file(let folder, let name, let path): target = (folder, name, path, true)
        case .missing(let folder, let name, let path): target = (folder, name, path, false)
        }
        do throws(Errno) {
            let replacement = try Replacement(of: target.name, in: target.folder)
            try replacement.write(bytes)
            var result: JSONObject = [
                "path": .string(target.path),
                "bytes_written": .integer(Int64(bytes.count)),
                "created": .boolean(!target.exists),
            ]
            if keepsBackup, target.exists {
                try replacement.keepOriginal(as: target.name + ".bak")
                result["backup_path"] = .string(target.path + ".bak")
            }
            try replacement.commit()
            return result
        } catch {
            throw error.failure(target.path)
        }
    }
}

/// A file written beside the one it is to replace, and renamed over it at the end; removed when that never happens.
private final class Replacement {
    private let folder: Directory
    private let name: String
    private let temporaryName: String
    private let descriptor: CInt
    private var isCommitted = false

    init(of name: String, in folder: Directory) throws(Errno) {
        // Nobody can foretell the name, and O_EXCL refuses one that exists, be it a link.
        let temporaryName = ".codelab-" + String(UInt64.random(in: .min ... .max), radix: 36) + ".tmp"
        let descriptor = openat(folder.descriptor, temporaryName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Errno.last }
        self.folder = folder
        self.name = name
        self.temporaryName = temporaryName
        self.descriptor = descriptor
        // An executable script stays one.
        if let attributes = try? folder.attributes(of: name), attributes.st_mode & S_IFMT == S_IFREG,
            fchmod(descriptor, attributes.st_mode & 0o777) != 0
        {
            throw Errno.last
        }
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlinkat(folder.descriptor, temporaryName, 0) }
    }

    func write(_ bytes: [UInt8]) throws(Errno) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else {
                let error = Errno.last
                if error.number == EINTR { continue }
                throw error
            }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw Errno.last }
    }

    /// Gives the file that is about to be replaced a second name, in place of an older backup.
    func keepOriginal(as backupName: String) throws(Errno) {
        let linkName = temporaryName + ".bak"
        guard linkat(folder.descriptor, name, folder.descriptor, linkName, 0) == 0 else { throw Errno.last }
        guard renameat(folder.descriptor, linkName, folder.descriptor, backupName) == 0 else {
            let error = Errno.last
            unlinkat(folder.descriptor, linkName, 0)
            throw error
        }
    }

    func commit() throws(Errno) {
        guard renameat(folder.descriptor, temporaryName, folder.descriptor, name) == 0 else { throw Errno.last }
        isCommitted = true
        // The rename itself is kept over a crash too; a file system that cannot sync folders loses only that.
        _ = fsync(folder.descriptor)
    }
}
