import Foundation
import Testing

@testable import codelab

/// `codelab chat` at a terminal, where a person can be asked.
@Suite("Approval at the terminal", .serialized, .runningPlatform)
struct ApprovalAtTheTerminalTests {
    private static let question = "Run it? [y]es, [n]o, [e]dit:"

    let platform: RunningPlatform
    let folder: URL

    init() throws {
        platform = try #require(RunningPlatform.current)
        folder = try platform.makeProject()
    }

    private var summary: String? { try? String(contentsOf: folder.appending(path: "SUMMARY.md"), encoding: .utf8) }

    /// Asks for the summary, and gives what the terminal shows up to the question.
    private func chat(editor: String? = nil) async throws -> (run: CommandLineRun, terminal: PseudoTerminal, shown: String) {
        let terminal = try PseudoTerminal()
        var environment = ["CODELAB_USERNAME": "admin", "CODELAB_PASSWORD": RunningPlatform.administratorPassword]
        environment["EDITOR"] = editor
        let run = try CommandLineRun(
            [
                "chat", "--gateway", platform.url(of: .gateway), "--auth", platform.url(of: .auth), "--workspace", folder.path,
                "--password-from-env", "Please summarize this project.",
            ], environment: environment, terminal: terminal)
        return (run, terminal, try await terminal.read(through: Self.question))
    }

    @Test("What will be written is shown and asked for; yes writes it", .timeLimit(.minutes(2)))
    func approved() async throws {
        let (run, terminal, shown) = try await chat()
        #expect(shown.contains("approval needed for write_file"))
        #expect(shown.contains("| # Summary"))
        #expect(summary == nil)
        // What is neither yes nor no is asked again.
        try terminal.type("perhaps")
        _ = try await terminal.read(through: Self.question)
        #expect(summary == nil)
        try terminal.type("y")
        let result = await run.finish()
        #expect(result.status == 0)
        #expect(result.output.contains("wrote SUMMARY.md"))
        #expect(summary?.contains("It does things.") == true)
    }

    @Test("No writes nothing, and the agent is told why", .timeLimit(.minutes(2)))
    func rejected() async throws {
        let (run, terminal, _) = try await chat()
        try terminal.type("n")
        _ = try await terminal.read(through: "Why")
        try terminal.type("not in this folder")
        let result = await run.finish()
        #expect(result.status == 0)
        #expect(result.output.contains("SUMMARY.md was not written"))
        #expect(result.output.contains("not in this folder"))
        #expect(summary == nil)
    }

    @Test("What the person changed in the editor is what is written and told", .timeLimit(.minutes(2)))
    func edited() async throws {
        let editor = folder.path + ".editor"
        try PrivateFile.write("#!/bin/sh\nprintf 'My own words.' > \"$1\"\n", to: editor)
        defer { try? FileManager.default.removeItem(atPath: editor) }
        let (run, terminal, _) = try await chat(editor: "sh '\(editor)'")
        try terminal.type("e")
        let shown = try await terminal.read(through: Self.question)
        #expect(shown.contains("content: My own words."))
        #expect(summary == nil)
        try terminal.type("y")
        let result = await run.finish()
        #expect(result.status == 0)
        #expect(result.output.contains("wrote SUMMARY.md with 13 bytes"))
        #expect(summary == "My own words.")
    }
}
