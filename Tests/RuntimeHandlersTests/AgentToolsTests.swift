import APISupport
import RuntimeAPI
import RuntimeHandlers
import Testing

/// The agents and tools that the clients of the first CodeLab know: names, arguments and bounds are theirs.
@Suite("The agents' tools", .timeLimit(.minutes(1)))
struct AgentToolsTests {
    private static let reading = ["read_file", "list_files", "search_in_code"]

    /// `switch_mode` of the orchestrator is ours (docs/decisions/0013).
    private static let agents: [(agent: Schemas.AgentType, tools: [String])] = [
        (.orchestrator, reading + ["switch_mode"]),
        (
            .coder,
            reading + ["write_file", "create_directory", "execute_command", "attempt_completion", "ask_followup_question"]
        ),
        (.architect, reading + ["write_file", "attempt_completion", "ask_followup_question", "switch_mode"]),
        (.debug, reading + ["execute_command", "attempt_completion", "ask_followup_question", "switch_mode"]),
        (.ask, reading + ["attempt_completion", "switch_mode"]),
    ]

    /// The arguments of each tool, those that are required marked with `!`.
    private static let arguments = [
        "read_file": ["path!", "encoding", "start_line", "end_line"],
        "write_file": ["path!", "content!", "encoding", "create_dirs", "backup"],
        "list_files": ["path!", "recursive", "include_hidden", "pattern"],
        "create_directory": ["path!", "recursive"],
        "execute_command": ["command!", "cwd", "timeout", "shell"],
        "search_in_code": ["query!", "path", "file_pattern", "case_sensitive", "regex", "max_results"],
        "switch_mode": ["mode!", "reason"],
        "attempt_completion": ["result!"],
        "ask_followup_question": ["question!", "suggestions!"],
    ]

    @Test("Are exactly these: what clients are told, and what the model is offered")
    func tools() async throws {
        for (agent, tools) in Self.agents {
            try await RuntimeHarness.run(.text("Hello.")) { runtime in
                let listed = try #require(try await runtime.client.listAgents(.init()).ok.agents.first { $0.type == agent })
                #expect(listed.allowedTools == tools)
                #expect(listed.hasFileRestrictions == (agent == .architect))
                let session = try await runtime.makeSession(agent)
                var reader = try await runtime.reader(of: session)
                try await runtime.say("Hello.", into: session)
                _ = try await reader.turn()
                let request = try #require(runtime.model.requests.first)
                #expect(request.tools.map(\.name) == tools)
                for tool in request.tools { check(tool) }
            }
        }
    }

    private func check(_ tool: OfferedTool) {
        let required = tool.parameters["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let names = tool.parameters["properties"]?.objectValue?.members.map(\.name) ?? []
        #expect(names.map { $0 + (required.contains($0) ? "!" : "") } == Self.arguments[tool.name], "\(tool.name)")
        func bound(_ argument: String, _ keyword: String) -> JSONValue? {
            tool.parameters["properties"]?.objectValue?[argument]?.objectValue?[keyword]
        }
        switch tool.name {
        case "execute_command":
            #expect(bound("timeout", "default") == 60)
            #expect(bound("timeout", "maximum") == 300)
        case "search_in_code":
            #expect(bound("max_results", "default") == 100)
            #expect(bound("max_results", "maximum") == 1000)
        case "ask_followup_question":
            #expect(bound("suggestions", "minItems") == 2)
            #expect(bound("suggestions", "maxItems") == 4)
        case "switch_mode":
            #expect(bound("mode", "enum") == ["orchestrator", "coder", "architect", "debug", "ask", "code"])
        default: break
        }
    }

    @Test(
        "Writing and executing wait for approval, reading and asking do not",
        arguments: [
            ("read_file", #"{"path":"a"}"#, false), ("list_files", #"{"path":"."}"#, false), ("search_in_code", #"{"query":"a"}"#, false),
            ("ask_followup_question", #"{"question":"a","suggestions":["b","c"]}"#, false),
            ("write_file", #"{"path":"a","content":"b"}"#, true), ("create_directory", #"{"path":"a"}"#, true),
            ("execute_command", #"{"command":"a"}"#, true),
        ])
    func approval(tool: String, arguments: String, isAskedFor: Bool) async throws {
        try await RuntimeHarness.run(.calls(("c1", tool, arguments)), .text("Done.")) { runtime in
            let session = try await runtime.makeSession(.coder)
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            #expect(try await reader.toolCalls().map(\.requiresApproval) == [isAskedFor])
            let pending = try await runtime.pendingApprovals(session)
            #expect(pending.count == (isAskedFor ? 1 : 0))
            try await runtime.send(.toolResult(.init(callID: "c1", result: "ok")), into: session)
            _ = try await reader.turn()
        }
    }
}
