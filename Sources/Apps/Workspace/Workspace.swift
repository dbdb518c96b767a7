public import APISupport
import FoundationEssentials
import Glibc

/// A folder in which an agent's tools work, and which they never leave.
///
/// The folder is held open from the beginning; every path of a tool call is walked from it (see ``PathResolution``), so neither `..`, an
/// absolute path nor a symbolic link leads out, not even one that is changed while a tool runs.
public struct Workspace: Sendable {
    /// The folder's absolute path, links resolved.
    public let path: String
    private let root: Directory
    private let environment: CommandEnvironment

    /// - Parameters:
    ///   - path: the folder, which must exist.
    ///   - environment: what commands see of the environment.
    /// - Throws: ``ToolFailure`` when it is no folder or may not be read.
    public init(at path: String, environment: CommandEnvironment = CommandEnvironment()) throws(ToolFailure) {
        do throws(Errno) {
            guard let resolved = realpath(path, nil) else { throw Errno.last }
            defer { free(resolved) }
            self.path = String(cString: resolved)
            root = try Directory.open(path: self.path)
        } catch {
            throw error.failure(path)
        }
        self.environment = environment
    }

    /// Runs a tool.
    ///
    /// - Parameters:
    ///   - name: a name of ``WorkspaceTool``.
    ///   - arguments: as COMPATIBILITY.md lists them for each tool.
    /// - Returns: the result the model gets.
    /// - Throws: ``ToolFailure`` with a message for the model. A command that exits with an error is a result and no failure.
    public func run(_ name: String, arguments: JSONObject) async throws(ToolFailure) -> JSONObject {
        guard let tool = WorkspaceTool(rawValue: name) else {
            let known = WorkspaceTool.allCases.map(\.rawValue).joined(separator: ", ")
            throw ToolFailure(.unknownTool, "the tool '\(name.prefix(64))' is not run in the workspace; it has: \(known)")
        }
        switch tool {
        case .readFile: return try ReadFile.run(arguments, in: root)
        case .writeFile: return try WriteFile.run(arguments, in: root)
        case .listFiles: return try ListFiles.run(arguments, in: root)
        case .createDirectory: return try CreateDirectory.run(arguments, in: root)
        case .searchInCode: return try SearchInCode.run(arguments, in: root)
        case .executeCommand: return try await ExecuteCommand.run(arguments, in: root, environment: environment)
        }
    }
}

/// The tools that run on the client's side, by the names the agents call them.
public enum WorkspaceTool: String, Sendable, CaseIterable {
    case readFile = "read_file"
    case writeFile = "write_file"
    case listFiles = "list_files"
    case createDirectory = "create_directory"
    case executeCommand = "execute_command"
    case searchInCode = "search_in_code"

    /// Whether it changes something, so that a person is asked first even when the server did not say so.
    public var hasEffects: Bool {
        switch self {
        case .readFile, .listFiles, .searchInCode: false
        case .writeFile, .createDirectory, .executeCommand: true
        }
    }
}
