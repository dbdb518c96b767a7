import CodegenDocuments

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The document `-`: what is piped in. References in it are relative to the current folder.
enum StandardInput {
    /// The file system, in which `-` is standard input.
    static let access = FileAccess(
        realPath: { $0 == "-" ? "-" : FileAccess.disk.realPath($0) },
        contents: { path, limit in path == "-" ? read(limit: limit) : try FileAccess.disk.contents(path, limit) }
    )

    /// At most one byte more than `limit`, which tells that it is too much.
    private static func read(limit: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = buffer.withUnsafeMutableBytes { fill($0) }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return Array(bytes.prefix(limit + 1))
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
            Musl.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
        #endif
    }
}
