import APISupport
import GatewayAPI
import Workspace

/// One open conversation: sends what the person says, shows what the agent answers, runs its tools in the workspace.
struct Conversation: Sendable {
    let connection: Channels.Session.ClientConnection
    let workspace: Workspace
    let terminal: Terminal
    let input: StandardInput
    let approver: Approver
    let interrupts: Interrupts
    /// Called when the server names the session.
    let sessionBegan: @Sendable (String) -> Void

    /// Says something and follows the turn to its end.
    ///
    /// - Throws: ``ConnectionEnded`` when the server closes the connection in the middle.
    func turn(_ text: String) async throws -> TurnEnding {
        interrupts.turnBegins { [connection] in try await connection.send(.cancel(Schemas.Cancel())) }
        defer { interrupts.turnEnded() }
        try await connection.send(.userMessage(Schemas.UserMessage(content: text)))
        var reader = TurnReader()
        var waiting: [String: TurnEvent.ToolCall] = [:]
        for try await message in connection.incoming {
            let frame: Schemas.ServerFrame
            switch message {
            case .message(let received): frame = received
            case .invalid(let failure):
                terminal.note("the server sent a frame that is not understood (\(failure.detail))", .failure)
                continue
            }
            switch reader.event(for: frame) {
            case .text(let text): terminal.say(text)
            case .messageEnded(let rest):
                terminal.say(rest)
                terminal.endSaying()
            case .call(let call):
                if try await decide(call) { waiting[call.id] = call }
            case .settled(let id, let isAllowed, let arguments):
                guard var call = waiting.removeValue(forKey: id), isAllowed else { continue }
                call.arguments = arguments
                try await run(call)
            case .switched(let from, let to, let reason):
                terminal.note("the \(from) agent hands over to the \(to) agent" + (reason.map { ": \($0)" } ?? ""))
            case .session(let id): sessionBegan(id)
            case .failed(let text): terminal.note(text, .failure)
            case .ended(let ending):
                terminal.endSaying()
                if let failure = reader.failure { terminal.note(failure, .failure) }
                if ending == .cancelled { terminal.note("cancelled", .warning) }
                return ending
            case .nothing: continue
            }
        }
        throw ConnectionEnded()
    }

    /// Asks where asking is needed, and runs what needs none.
    ///
    /// - Returns: whether the call waits for the server to settle its approval.
    private func decide(_ call: TurnEvent.ToolCall) async throws -> Bool {
        terminal.note("→ \(ToolSummary.call(call))")
        if call.tool == "ask_followup_question" {
            try await answerQuestion(call)
            return false
        }
        let hasEffects = WorkspaceTool(rawValue: call.tool)?.hasEffects ?? true
        guard call.requiresApproval || hasEffects else {
            try await run(call)
            return false
        }
        // Interrupted at the question: the turn is being cancelled, there is nothing left to decide.
        guard let answer = try await interrupts.run({ try await approver.answer(to: call) }) else { return false }
        switch (answer, call.requiresApproval) {
        case (.approve, true): try await connection.send(.hitlDecision(Schemas.HitlDecision(callID: call.id, decision: .approve)))
        case (.edit(let arguments), true):
            try await connection.send(
                .hitlDecision(Schemas.HitlDecision(callID: call.id, decision: .edit, modifiedArguments: arguments)))
        case (.reject(let feedback), true):
            try await connection.send(.hitlDecision(Schemas.HitlDecision(callID: call.id, decision: .reject, feedback: feedback)))
            return false
        // The server did not ask for an approval, but a tool with effects is not run without one here.
        case (.approve, false):
            try await run(call)
            return false
        case (.edit(let arguments), false):
            var call = call
            call.arguments = arguments
            try await run(call)
            return false
        case (.reject(let feedback), false):
            try await connection.send(.toolResult(Schemas.ToolResult(callID: call.id, error: "User rejected: \(feedback)")))
            return false
        }
        return true
    }

    private func run(_ call: TurnEvent.ToolCall) async throws {
        let outcome = try await interrupts.run { () -> Result<JSONObject, ToolFailure> in
            do throws(ToolFailure) {
                return .success(try await workspace.run(call.tool, arguments: call.arguments))
            } catch {
                return .failure(error)
            }
        }
        switch outcome {
        case nil: return
        case .success(let result):
            terminal.note("  ✓ \(ToolSummary.result(result, of: call.tool))", .success)
            try await connection.send(.toolResult(Schemas.ToolResult(callID: call.id, result: .object(result))))
        case .failure(let failure):
            terminal.note("  ✗ \(failure.message)", .failure)
            try await connection.send(.toolResult(Schemas.ToolResult(callID: call.id, error: failure.message)))
        }
    }

    /// `ask_followup_question`: the agent asks the person.
    private func answerQuestion(_ call: TurnEvent.ToolCall) async throws {
        let suggestions = call.arguments["suggestions"]?.arrayValue?.compactMap(\.stringValue) ?? []
        terminal.note(call.arguments["question"]?.stringValue ?? "The agent has a question.", .bold)
        for (index, suggestion) in suggestions.enumerated() { terminal.note("  \(index + 1). \(suggestion)", .plain) }
        guard terminal.isInteractive else {
            try await connection.send(
                .toolResult(Schemas.ToolResult(callID: call.id, error: "There is nobody to answer; decide yourself.")))
            return
        }
        terminal.ask("Answer (or a number):")
        guard let line = try await interrupts.run({ try await input.line() }) else { return }
        let text = line?.trimmed ?? ""
        let answer = Int(text).flatMap { suggestions.indices.contains($0 - 1) ? suggestions[$0 - 1] : nil } ?? text
        try await connection.send(.toolResult(Schemas.ToolResult(callID: call.id, result: .object(["answer": .string(answer)]))))
    }
}

/// The server closed the connection while a turn ran.
struct ConnectionEnded: Error {}
