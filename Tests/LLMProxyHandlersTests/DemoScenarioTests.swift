import APISupport
import LLMProxyAPI
import LLMProxyHandlers
import ScenarioFiles
import Testing

/// The file that `make demo` runs on, played as the runtime plays it.
@Suite("The demo's scenarios")
struct DemoScenarioTests {
    private let client: Client
    private let orchestrator = ["read_file", "list_files", "search_in_code", "switch_mode"]
    private let coder = ["read_file", "list_files", "search_in_code", "write_file", "execute_command", "attempt_completion"]

    init() throws {
        let path = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/deploy/scenarios/demo.yaml"
        client = try ProxyFixture(ScriptedProvider(ScenarioBook(path: path))).client
    }

    private func answer(_ messages: [Schemas.ChatMessage], _ tools: [String]) async throws -> Schemas.AssistantMessage {
        let request = Schemas.ChatCompletionRequest(
            model: "scripted", messages: messages, tools: tools.map { Schemas.Tool(function: .init(name: $0)) })
        guard case .json(let completion) = try await client.createChatCompletion(.init(body: request)).ok.body else {
            throw UnexpectedAnswer()
        }
        return try #require(completion.choices.first).message
    }

    /// Plays a turn: `tool` gives each call's result, until an answer has no calls. Gives the messages and the calls.
    private func play(
        _ text: String, tool: (Schemas.FunctionCall) throws -> String
    ) async throws -> (messages: [Schemas.ChatMessage], calls: [Schemas.FunctionCall]) {
        var messages: [Schemas.ChatMessage] = [.init(role: .system, content: "You are an agent."), .init(role: .user, content: text)]
        var calls: [Schemas.FunctionCall] = []
        var tools = orchestrator
        for _ in 0..<10 {
            let message = try await answer(messages, tools)
            messages.append(.init(role: .assistant, content: message.content, toolCalls: message.toolCalls))
            guard let new = message.toolCalls else { break }
            for call in new {
                calls.append(call.function)
                if call.function.name == "switch_mode" { tools = coder }
                messages.append(.init(role: .tool, content: try tool(call.function), toolCallID: call.id))
            }
        }
        return (messages, calls)
    }

    private func result(_ call: Schemas.FunctionCall) -> String {
        switch (call.name, call.arguments.contains("README")) {
        case ("list_files", _):
            #"{"path":".","entries":[{"path":"README.md","type":"file"},{"path":"Sources","type":"directory"}],"count":2}"#
        case ("read_file", true): ##"{"path":"README.md","content":"# CodeLab\nGenerated services.\n","total_lines":2}"##
        case ("read_file", false):
            #"{"path":"Package.swift","content":"let p = [\n    .executable(name: \"codelab\"),\n]","total_lines":3}"#
        case ("write_file", _): #"{"path":"SUMMARY.md","bytes_written":321,"created":true}"#
        default: "Done."
        }
    }

    @Test("The summary is handed to the coder, read in parallel, and written from what was read")
    func summary() async throws {
        let (messages, calls) = try await play("Summarise this project and write the summary to SUMMARY.md", tool: result)
        #expect(calls.map(\.name) == ["switch_mode", "list_files", "read_file", "read_file", "write_file"])
        #expect(messages.contains { $0.toolCalls?.count == 2 })
        let arguments = try JSONReader.decode(JSONObject.self, from: Array(try #require(calls.last).arguments.utf8))
        #expect(arguments["path"] == "SUMMARY.md")
        let content = try #require(arguments["content"]?.stringValue)
        for line in ["> # CodeLab", "> Generated services.", #"- .executable(name: "codelab"),"#, "- README.md", "- Sources"] {
            #expect(content.split(separator: "\n").contains { $0 == line }, "\(line) in \(content)")
        }
        #expect(messages.last?.content?.hasPrefix("[scripted] I read README.md (2 lines)") == true)
        #expect(messages.last?.content?.contains("321 bytes") == true)
    }

    @Test("When the write is refused, it says so")
    func refusal() async throws {
        let (messages, _) = try await play("Please summarize the project") { call in
            call.name == "write_file" ? "Error: User rejected: not now" : result(call)
        }
        #expect(messages.last?.content == "[scripted] SUMMARY.md was not written. The tool answered: Error: User rejected: not now")
    }

    @Test("After an approval with other arguments, the result behind the runtime's note is the one that is told")
    func edited() async throws {
        let (messages, _) = try await play("Please summarize the project") { call in
            let note = "The user changed the arguments to: {\"path\":\"SUMMARY.md\",\"content\":\"mine\"}\nThe user says: shorter\n"
            return (call.name == "write_file" ? note : "") + result(call)
        }
        #expect(messages.last?.content?.hasSuffix("wrote SUMMARY.md with 321 bytes.") == true)
    }

    @Test("When a file is not there, the summary says so")
    func missingFile() async throws {
        let (messages, calls) = try await play("Summarise this project") { call in
            call.arguments.contains("README") && call.name == "read_file" ? "Error: no such file" : result(call)
        }
        #expect(calls.last?.arguments.contains("> Error: no such file") == true)
        #expect(messages.last?.content?.hasPrefix("[scripted] I read README.md (0 lines)") == true)
    }

    @Test("A conversation that goes on after the summary starts its script anew")
    func again() async throws {
        var (messages, _) = try await play("Write a summary", tool: result)
        messages.append(.init(role: .user, content: "thanks"))
        #expect(try await answer(messages, coder).content == "[scripted] You said: thanks")
    }

    @Test("Who asks for the coder gets the coder")
    func handOver() async throws {
        let (messages, calls) = try await play("@code are you there?", tool: result)
        #expect(calls.map(\.name) == ["switch_mode"])
        #expect(messages.last?.content?.hasPrefix("[scripted] The coder is here.") == true)
    }
}
