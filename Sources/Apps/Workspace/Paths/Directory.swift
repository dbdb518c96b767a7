import Glibc

/// An open folder. Everything the tools do happens relative to such a descriptor, never by a path the kernel would resolve anew,
/// so a folder exchanged for a link between check and use leads nowhere.
final class Directory: Sendable {
    let descriptor: CInt

    private init(adopting descriptor: CInt) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Opens a folder by path: only for the workspace's root, which the person at the terminal chose.
    static func open(path: String) throws(Errno) -> Directory {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Errno.last }
        return Directory(adopting: descriptor)
    }

    /// Opens a folder inside this one; a symbolic link in its place fails.
    func directory(_ name: String) throws(Errno) -> Directory {
        let descriptor = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw Errno.last }
        return Directory(adopting: descriptor)
    }

    func makeDirectory(_ name: String) throws(Errno) {
        guard mkdirat(descriptor, name, 0o755) == 0 else { throw Errno.last }
    }

    /// The entry's own attributes, of the link itself when it is one.
    func attributes(of name: String) throws(Errno) -> stat {
        var attributes = stat()
        guard fstatat(descriptor, name, &attributes, AT_SYMLINK_NOFOLLOW) == 0 else { throw Errno.last }
        return attributes
    }

    /// The target of the symbolic link `name`, as written.
    func linkTarget(_ name: String) throws(Errno) -> String {
        var buffer = [CChar](repeating: 0, count: WorkspacePath.maximumLength + 1)
        let count = readlinkat(descriptor, name, &buffer, buffer.count)
        guard count >= 0 else { throw Errno.last }
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Names of the entries, without `.` and `..`, in byte order; at most `limit` are read.
    func entryNames(limit: Int) throws(Errno) -> [String] {
        // fdopendir takes the descriptor over, and its position is shared with any duplicate: open the folder anew.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw Errno.last }
        guard let stream = fdopendir(copy) else {
            let error = Errno.last
            close(copy)
            throw error
        }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < limit, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// A system call's error number.
struct Errno: Error, Equatable {
    let number: CInt

    static var last: Errno { Errno(number: errno) }

    /// The failure a tool reports for it.
    func failure(_ path: String) -> ToolFailure {
        let path = shortened(path)
        switch number {
        case ENOENT: return ToolFailure(.notFound, "'\(path)' does not exist")
        case ENOTDIR: return ToolFailure(.notADirectory, "'\(path)' is not a folder")
        case EISDIR: return ToolFailure(.notAFile, "'\(path)' is a folder")
        case EEXIST: return ToolFailure(.alreadyExists, "'\(path)' exists already")
        case EACCES, EPERM, EROFS: return ToolFailure(.permissionDenied, "the system does not permit this on '\(path)'")
        case ELOOP: return ToolFailure(.outsideWorkspace, "'\(path)' was exchanged for a symbolic link meanwhile")
        case ENOSPC, EDQUOT: return ToolFailure(.systemError, "no space is left for '\(path)'")
        default: return ToolFailure(.systemError, "'\(path)': \(String(cString: strerror(number)))")
        }
    }
}
