import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How documents are read, so that the pipeline can be driven from memory.
public struct FileAccess: Sendable {
    /// The path with symbolic links, `.` and `..` resolved; nil when there is no such file.
    public var realPath: @Sendable (_ path: String) -> String?
    /// The bytes of the file at a path, at most `limit + 1` of them: one more than allowed tells that it is too large.
    public var contents: @Sendable (_ path: String, _ limit: Int) throws -> [UInt8]

    public init(
        realPath: @escaping @Sendable (_ path: String) -> String?,
        contents: @escaping @Sendable (_ path: String, _ limit: Int) throws -> [UInt8]
    ) {
        self.realPath = realPath
        self.contents = contents
    }

    /// The file system.
    public static let disk = FileAccess(
        realPath: { path in
            guard let resolved = realpath(path, nil) else { return nil }
            defer { free(resolved) }
            return String(cString: resolved)
        },
        contents: { path, limit in
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            // A device or a pipe could go on for ever.
            guard attributes[.type] as? FileAttributeType == .typeRegular else { throw NotARegularFile() }
            let size = attributes[.size] as? Int ?? (attributes[.size] as? UInt64).map(Int.init(clamping:)) ?? 0
            guard size <= limit else { return [UInt8](repeating: 0x20, count: limit + 1) }
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        }
    )

    /// Files by absolute path; no links among them.
    public static func memory(_ files: [String: String]) -> FileAccess {
        FileAccess(
            realPath: { path in
                let normalized = Path.normalized(path)
                return files[normalized] == nil ? nil : normalized
            },
            contents: { path, _ in
                guard let text = files[path] else { throw NotARegularFile() }
                return Array(text.utf8)
            }
        )
    }
}

/// The path names something that cannot be read as a file.
struct NotARegularFile: Error, CustomStringConvertible {
    var description: String { "not a regular file" }
}

/// POSIX paths as text.
enum Path {
    /// The folder part of a path; empty when it has none.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// `relative` seen from `directory`.
    static func join(_ directory: String, _ relative: String) -> String {
        if relative.hasPrefix("/") || directory.isEmpty { return relative }
        return directory.hasSuffix("/") ? directory + relative : directory + "/" + relative
    }

    /// Without `.`, `..` and doubled slashes, where that can be known from the text.
    static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// The file's name without its folder and extension.
    static func stem(of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != "." })
    }
}
