import APISupport
import FoundationEssentials
import Subprocess

/// Asks the person at the terminal before a tool changes something.
struct Approver: Sendable {
    enum Answer: Sendable {
        case approve
        case edit(JSONObject)
        case reject(feedback: String)
    }

    let terminal: Terminal
    let input: StandardInput
    /// Approves everything, and says so (`--yes`).
    let approvesAll: Bool

    func answer(to call: TurnEvent.ToolCall) async throws -> Answer {
        terminal.note("  approval needed for \(call.tool):", .warning)
        terminal.note(ToolSummary.details(call), .plain)
        if approvesAll {
            terminal.note("  approved (--yes)", .warning)
            return .approve
        }
        guard terminal.isInteractive else {
            terminal.note("  refused: nobody can be asked here; use --yes to approve", .warning)
            return .reject(feedback: "There is nobody to ask; nothing was changed.")
        }
        var call = call
        var isEdited = false
        while true {
            terminal.ask("  Run it? [y]es, [n]o, [e]dit:")
            switch try await input.line()?.trimmed.lowercased() {
            case "y", "yes": return isEdited ? .edit(call.arguments) : .approve
            case "e", "edit":
                guard let changed = try await edited(call) else { continue }
                isEdited = isEdited || changed != call.arguments
                call.arguments = changed
                terminal.note(ToolSummary.details(call), .plain)
            case "n", "no":
                terminal.ask("  Why (for the agent; empty for nothing):")
                let reason = try await input.line()?.trimmed ?? ""
                return .reject(feedback: reason.isEmpty ? "The user refused." : reason)
            case nil: return .reject(feedback: "The user left.")
            default: continue
            }
        }
    }

    /// The arguments as they are after the person's editor; nil when the editor failed or left what is no JSON object.
    private func edited(_ call: TurnEvent.ToolCall) async throws -> JSONObject? {
        let editor = editorCommand()
        let folder = FileManager.default.temporaryDirectory.path + "/codelab-" + ProofKey.random()
        try PrivateFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // What is mostly edited is one long text: it is edited as itself, not inside of JSON.
        let long = ["write_file": "content", "execute_command": "command"][call.tool]
        let text = long.flatMap { call.arguments[$0]?.stringValue } ?? String(decoding: JSONWriter.encode(call.arguments), as: UTF8.self)
        let file = folder + (long == nil ? "/arguments.json" : "/text")
        try PrivateFile.write(text, to: file)
        let result = try await Subprocess.run(
            .name("sh"), arguments: ["-c", "\(editor) \"$1\"", "sh", file], input: .currentStandardInput, output: .currentStandardOutput,
            error: .currentStandardError
        )
        guard result.terminationStatus.isSuccess, let changed = try PrivateFile.read(file) else {
            terminal.note("  the editor failed; nothing is changed", .failure)
            return nil
        }
        guard let long else {
            guard let arguments = try? JSONReader.decode(JSONObject.self, from: Array(changed.utf8)) else {
                terminal.note("  that is not a JSON object; nothing is changed", .failure)
                return nil
            }
            return arguments
        }
        var arguments = call.arguments
        // Editors end a file with a line end; a command has none.
        let isCommand = call.tool == "execute_command"
        arguments[long] = .string(isCommand && changed.hasSuffix("\n") ? String(changed.dropLast()) : changed)
        return arguments
    }

    private func editorCommand() -> String {
        let environment = ProcessInfo.processInfo.environment
        for name in ["VISUAL", "EDITOR"] {
            if let editor = environment[name], !editor.isEmpty { return editor }
        }
        return "vi"
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
