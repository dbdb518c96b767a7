import APISupport
import Foundation
import Testing

@testable import Workspace

/// A workspace in a folder of its own, with a folder beside it that no tool may reach; removed with the value.
final class ScratchFolder {
    let base: URL
    let inside: URL
    let outside: URL

    init() throws {
        base = FileManager.default.temporaryDirectory.appending(path: "codelab-workspace-\(UUID().uuidString)")
        inside = base.appending(path: "inside")
        outside = base.appending(path: "outside")
        try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data("secret".utf8).write(to: outside.appending(path: "secret.txt"))
    }

    deinit {
        try? FileManager.default.removeItem(at: base)
    }

    func workspace(environment: [String: String] = ["PATH": "/usr/bin:/bin"]) throws -> Workspace {
        try Workspace(at: inside.path, environment: CommandEnvironment(choosingFrom: environment))
    }

    func write(_ text: String, to path: String) throws {
        let file = inside.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: inside.appending(path: path)), as: UTF8.self)
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: inside.appending(path: path).path)
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: inside.appending(path: path).path, withDestinationPath: target)
    }

    /// Everything in the outside folder, to see that it is untouched.
    func outsideNames() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: outside.path).sorted()
    }
}

extension JSONObject {
    func string(_ name: String) -> String? {
        guard case .string(let text) = self[name] else { return nil }
        return text
    }

    func integer(_ name: String) -> Int? {
        guard case .integer(let number) = self[name] else { return nil }
        return Int(number)
    }

    func flag(_ name: String) -> Bool? {
        guard case .boolean(let flag) = self[name] else { return nil }
        return flag
    }

    func objects(_ name: String) -> [JSONObject] {
        guard case .array(let values) = self[name] else { return [] }
        return values.compactMap { value in
            guard case .object(let object) = value else { return nil }
            return object
        }
    }
}

/// The failure of a tool call that must fail.
func failure(
    _ workspace: Workspace, _ tool: WorkspaceTool, _ arguments: JSONObject, sourceLocation: SourceLocation = #_sourceLocation
) async -> ToolFailure? {
    do throws(ToolFailure) {
        let result = try await workspace.run(tool.rawValue, arguments: arguments)
        Issue.record("\(tool.rawValue) succeeded: \(result)", sourceLocation: sourceLocation)
        return nil
    } catch {
        return error
    }
}

extension Workspace {
    func run(_ tool: WorkspaceTool, _ arguments: JSONObject) async throws -> JSONObject {
        try await run(tool.rawValue, arguments: arguments)
    }
}
