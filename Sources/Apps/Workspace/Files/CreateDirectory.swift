import APISupport

/// `create_directory`: a folder, with the folders above it when `recursive` (the default). One that exists already is fine.
enum CreateDirectory {
    static let accepted = ["path", "recursive"]

    static func run(_ object: JSONObject, in root: Directory) throws(ToolFailure) -> JSONObject {
        let arguments = try ToolArguments(object, tool: "create_directory", accepted: accepted)
        let path = try WorkspacePath(arguments.requiredString("path"))
        let recursive = try arguments.flag("recursive", default: true)
        switch try PathResolution.resolve(path, in: root, createsFolders: recursive) {
        case .directory(_, let path):
            return ["path": .string(path), "created": .boolean(false)]
        case .file(_, _, let path):
            throw ToolFailure(.alreadyExists, "'\(shortened(path))' exists and is not a folder")
        case .missing(let folder, let name, let path):
            do throws(Errno) {
                try folder.makeDirectory(name)
            } catch {
                throw error.failure(path)
            }
            return ["path": .string(path), "created": .boolean(true)]
        }
    }
}
