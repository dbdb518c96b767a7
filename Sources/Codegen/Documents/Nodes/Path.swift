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

    /// The way to `path` from a folder, when both begin at the root or neither does; else `path` itself.
    static func relative(_ path: String, to folder: String) -> String {
        guard path.hasPrefix("/") == folder.hasPrefix("/") else { return path }
        var target = normalized(path).split(separator: "/")[...]
        var origin = normalized(folder).split(separator: "/")[...]
        while let first = origin.first, target.count > 1, first == target.first {
            target.removeFirst()
            origin.removeFirst()
        }
        // Above the folder that both are relative to there is no name to go back by.
        guard !origin.contains("..") else { return path }
        return (origin.map { _ in ".." } + target.map(String.init)).joined(separator: "/")
    }

    /// The file's name without its folder and extension.
    static func stem(of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != "." })
    }
}
