import APISupport

/// `list_files`: what a folder holds, or with `recursive` everything below it.
enum ListFiles {
    static let accepted = ["path", "recursive", "include_hidden", "pattern"]
    static let maximumEntries = 2_000

    static func run(_ object: JSONObject, in root: Directory) throws(ToolFailure) -> JSONObject {
        let arguments = try ToolArguments(object, tool: "list_files", accepted: accepted)
        let path = try WorkspacePath(arguments.requiredString("path"))
        let recursive = try arguments.flag("recursive", default: false)
        let includesHidden = try arguments.flag("include_hidden", default: false)
        let pattern = try arguments.string("pattern").map(Glob.init)

        let folder: Directory
        let start: String
        switch try PathResolution.resolve(path, in: root) {
        case .directory(let directory, let path): (folder, start) = (directory, path)
        case .file(_, _, let path): throw ToolFailure(.notADirectory, "'\(shortened(path))' is not a folder; use read_file")
        case .missing(_, _, let path): throw ToolFailure(.notFound, "the folder '\(shortened(path))' does not exist")
        }

        var entries: [JSONValue] = []
        var isCut = false
        var walk = FolderWalk()
        try walk.visit(folder, path: start) { entry throws(ToolFailure) in
            if !includesHidden, entry.name.utf8.first == UInt8(ascii: ".") { return .passOver }
            if pattern?.matches(entry.path, relativeTo: start) ?? true {
                guard entries.count < maximumEntries else {
                    isCut = true
                    return .stop
                }
                entries.append(.object(description(of: entry)))
            }
            return recursive ? .enter : .passOver
        }
        return [
            "path": .string(start),
            "entries": .array(entries),
            "count": .integer(Int64(entries.count)),
            "truncated": .boolean(isCut || walk.isCut),
        ]
    }

    private static func description(of entry: FolderWalk.Entry) -> JSONObject {
        var description: JSONObject = ["path": .string(entry.path)]
        switch true {
        case entry.isFolder: description["type"] = .string("directory")
        case entry.isLink: description["type"] = .string("symlink")
        case entry.isRegularFile:
            description["type"] = .string("file")
            description["size"] = .integer(Int64(entry.size))
        default: description["type"] = .string("other")
        }
        return description
    }
}
