import APISupport
import Foundation
import Testing

@testable import Workspace

@Suite("Tools never leave the workspace")
struct ContainmentTests {
    let scratch: ScratchFolder
    let workspace: Workspace

    init() throws {
        scratch = try ScratchFolder()
        workspace = try scratch.workspace()
        try scratch.write("inside", to: "sub/file.txt")
    }

    static let escapes = [
        "..", "../outside/secret.txt", "sub/../../outside/secret.txt", "sub/./.././../outside", "../inside/../outside/secret.txt",
    ]

    @Test("`..` above the workspace is refused by every tool", arguments: escapes, WorkspaceTool.allCases)
    func parent(path: String, tool: WorkspaceTool) async throws {
        let failure = await failure(workspace, tool, arguments(tool, path: path))
        #expect(failure?.code == .outsideWorkspace)
        #expect(try scratch.outsideNames() == ["secret.txt"])
    }

    @Test("Absolute paths are refused by every tool", arguments: WorkspaceTool.allCases)
    func absolute(tool: WorkspaceTool) async throws {
        for path in ["/etc/passwd", "/", scratch.outside.path, scratch.inside.path + "/sub"] {
            #expect(await failure(workspace, tool, arguments(tool, path: path))?.code == .outsideWorkspace)
        }
    }

    @Test("A link out of the workspace is refused, in whatever component", arguments: WorkspaceTool.allCases)
    func links(tool: WorkspaceTool) async throws {
        try scratch.link("absolute", to: scratch.outside.path)
        try scratch.link("relative", to: "../outside")
        try scratch.link("sub/deep", to: "../../outside")
        try scratch.link("file", to: "../outside/secret.txt")
        try scratch.link("chain", to: "sub/deep")
        try scratch.link("dangling", to: "../outside/none.txt")
        for path in [
            "absolute", "relative", "sub/deep", "chain", "absolute/secret.txt", "relative/secret.txt", "chain/new.txt", "file", "dangling",
        ] {
            #expect(await failure(workspace, tool, arguments(tool, path: path))?.code == .outsideWorkspace, "\(path)")
        }
        #expect(try scratch.outsideNames() == ["secret.txt"])
    }

    @Test("Links that stay inside work, and `..` after one goes up from where it led")
    func linksInside() async throws {
        try scratch.write("deep", to: "a/b/c.txt")
        try scratch.link("shortcut", to: "a/b")
        #expect(try await workspace.run(.readFile, ["path": "shortcut/c.txt"]).string("content") == "deep")
        // From a/b, not from the workspace folder: three up would leave it.
        #expect(try await workspace.run(.readFile, ["path": "shortcut/../../sub/file.txt"]).string("content") == "inside")
        #expect(await failure(workspace, .readFile, ["path": "shortcut/../../../outside/secret.txt"])?.code == .outsideWorkspace)
    }

    @Test("Links in a circle end")
    func circle() async throws {
        try scratch.link("one", to: "two")
        try scratch.link("two", to: "one")
        #expect(await failure(workspace, .readFile, ["path": "one"])?.code == .invalidArguments)
        #expect(await failure(workspace, .writeFile, ["path": "one/x", "content": ""])?.code == .invalidArguments)
    }

    @Test("Links that multiply their components are bounded")
    func multiplying() async throws {
        try FileManager.default.createDirectory(at: scratch.inside.appending(path: "d"), withIntermediateDirectories: true)
        try scratch.link("d/l0", to: String(repeating: "../d/", count: 60) + ".")
        for level in 1...8 {
            try scratch.link("d/l\(level)", to: String(repeating: "l\(level - 1)/", count: 60) + ".")
        }
        #expect(await failure(workspace, .listFiles, ["path": "d/l8"])?.code == .invalidArguments)
    }

    @Test("A dangling link inside is written at its target, in the workspace")
    func danglingInside() async throws {
        try scratch.link("latest.txt", to: "sub/new.txt")
        let result = try await workspace.run(.writeFile, ["path": "latest.txt", "content": "new"])
        #expect(result.string("path") == "sub/new.txt")
        #expect(try scratch.text("sub/new.txt") == "new")
    }

    @Test("NUL, empty and very long paths are refused before the file system sees them")
    func malformed() async throws {
        for path in [
            "a\0b", "", String(repeating: "x/", count: 3_000), String(repeating: "n", count: 256), String(repeating: "ж", count: 128),
        ] {
            for tool in WorkspaceTool.allCases {
                #expect(await failure(workspace, tool, arguments(tool, path: path))?.code == .invalidArguments)
            }
        }
        // Many components that exist are fine for the length, but bounded in number.
        let many = String(repeating: "sub/../", count: 520) + "sub"
        #expect(await failure(workspace, .listFiles, ["path": .string(many)])?.code == .invalidArguments)
    }

    @Test("Listing and searching do not follow links")
    func walking() async throws {
        try scratch.link("out", to: "../outside")
        let listing = try await workspace.run(.listFiles, ["path": ".", "recursive": .boolean(true)])
        #expect(listing.objects("entries").map { $0.string("path") } == ["out", "sub", "sub/file.txt"])
        #expect(listing.objects("entries").first?.string("type") == "symlink")
        let search = try await workspace.run(.searchInCode, ["query": "secret"])
        #expect(search.integer("count") == 0)
    }

    @Test("A workspace that does not exist or is a file is refused")
    func noFolder() throws {
        #expect(throws: ToolFailure.self) { try Workspace(at: scratch.inside.path + "/none") }
        #expect(throws: ToolFailure.self) { try Workspace(at: scratch.inside.path + "/sub/file.txt") }
    }

    private func arguments(_ tool: WorkspaceTool, path: String) -> JSONObject {
        switch tool {
        case .readFile, .listFiles, .createDirectory: ["path": .string(path)]
        case .writeFile: ["path": .string(path), "content": "x"]
        case .executeCommand: ["command": "true", "cwd": .string(path)]
        case .searchInCode: ["query": "x", "path": .string(path)]
        }
    }
}
