import Glibc

/// An open regular file. Devices, pipes and sockets are refused: reading one could block for ever or have effects.
final class RegularFile {
    let descriptor: CInt
    let attributes: stat

    private init(adopting descriptor: CInt, attributes: stat) {
        self.descriptor = descriptor
        self.attributes = attributes
    }

    deinit {
        close(descriptor)
    }

    /// Opens the file that a path leads to for reading.
    convenience init(reading location: Location) throws(ToolFailure) {
        switch location {
        case .directory(_, let path): throw ToolFailure(.notAFile, "'\(shortened(path))' is a folder")
        case .missing(_, _, let path): throw ToolFailure(.notFound, "'\(shortened(path))' does not exist")
        case .file(let folder, let name, let path): try self.init(reading: name, in: folder, path: path)
        }
    }

    /// Opens `name` in a folder for reading, never through a link.
    convenience init(reading name: String, in folder: Directory, path: String) throws(ToolFailure) {
        // O_NONBLOCK: a FIFO without a writer would block the open itself.
        let descriptor = openat(folder.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Errno.last.failure(path) }
        var attributes = stat()
        guard fstat(descriptor, &attributes) == 0 else {
            let error = Errno.last
            close(descriptor)
            throw error.failure(path)
        }
        guard attributes.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ToolFailure(.notAFile, "'\(shortened(path))' is not a regular file")
        }
        self.init(adopting: descriptor, attributes: attributes)
    }

    var size: Int { Int(attributes.st_size) }

    /// The whole contents; a file larger than `limit` bytes (also one that grows meanwhile) is refused.
    func contents(limit: Int, path: String) throws(ToolFailure) -> [UInt8] {
        guard size <= limit else { throw Self.tooLarge(path, size: size, limit: limit) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + 1)
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            guard count > 0 else {
                let error = Errno.last
                if error.number == EINTR { continue }
                throw error.failure(path)
            }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else { throw Self.tooLarge(path, size: bytes.count, limit: limit) }
        }
    }

    private static func tooLarge(_ path: String, size: Int, limit: Int) -> ToolFailure {
        ToolFailure(.tooLarge, "'\(shortened(path))' has \(size) bytes; the tools read files of at most \(limit) bytes")
    }
}
