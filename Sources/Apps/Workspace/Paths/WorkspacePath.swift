/// A path as a tool call gives it: relative to the workspace, split into components and checked before the file system sees it.
struct WorkspacePath: Sendable, Equatable {
    /// Linux's own limits (limits.h, without the terminating NUL): a longer path could not be opened anyway.
    static let maximumLength = 4095
    static let maximumComponentLength = 255

    /// Names between slashes, `..` included, without empty ones and `.`. Empty for the workspace folder itself.
    let components: [String]

    init(_ text: String) throws(ToolFailure) {
        guard !text.isEmpty else { throw ToolFailure(.invalidArguments, "the path is empty; '.' is the workspace folder") }
        guard text.utf8.count <= Self.maximumLength else {
            throw ToolFailure(.invalidArguments, "the path is longer than \(Self.maximumLength) bytes")
        }
        guard !text.utf8.contains(0) else { throw ToolFailure(.invalidArguments, "the path contains a NUL byte") }
        guard text.utf8.first != UInt8(ascii: "/") else {
            throw ToolFailure(.outsideWorkspace, "absolute paths are refused; give '\(shortened(text))' relative to the workspace folder")
        }
        components = try Self.components(of: text)
    }

    /// The components of a path or of a symbolic link's target.
    static func components(of text: String) throws(ToolFailure) -> [String] {
        var components: [String] = []
        for component in text.utf8.split(separator: UInt8(ascii: "/")) {
            guard component.count <= maximumComponentLength else {
                throw ToolFailure(.invalidArguments, "a name in the path is longer than \(maximumComponentLength) bytes")
            }
            let name = String(Substring(component))
            if name != "." { components.append(name) }
        }
        return components
    }
}

/// A path for a message: long ones are cut, so that an error stays readable.
func shortened(_ path: String) -> String {
    path.count <= 120 ? path : path.prefix(100) + "…" + path.suffix(16)
}
