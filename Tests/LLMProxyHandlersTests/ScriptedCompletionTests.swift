import APISupport
import HTTPTypes
import LLMProxyAPI
import LLMProxyHandlers
import Testing

@Suite("Scripted completions")
struct ScriptedCompletionTests {
    private let book = """
        version: 1
        scenarios:
          - name: reading
            when: {user: {contains: readme}, tools: [read_file]}
            steps:
              - text: "Let me look."
                tool_calls:
                  - {label: readme, name: read_file, arguments: {path: README.md, start_line: 1, deep: {all: true, none: null}}}
                  - {label: other, name: read_file, arguments: {path: "{{user | characters 6}}.md"}}
              - text: "It says: {{result:readme/content | lines 1}}; the other: {{result:other}}"
                usage: {prompt_tokens: 7, completion_tokens: 3}
          - name: limited
            when: {user: {matches: '^limit$'}}
            steps:
              - failure: {status: 429, message: slow down, retry_after: 12}
          - name: broken off
            when: {user: {contains: break}}
            steps:
              - text: one two three four
                failure: {status: 500, after_deltas: 2}
        default:
          text: "You said: {{user}}"
        """

    @Test("A whole answer says that it is scripted")
    func whole() async throws {
        let answer = try await ProxyFixture(scenarios: book).complete(userMessage("hello there"))
        #expect(answer.status == 200)
        let completion = try answer.completion
        #expect(completion.model == "scripted")
        #expect(completion.systemFingerprint == "scripted")
        #expect(completion.choices.map(\.message.content) == ["[scripted] You said: hello there"])
        #expect(completion.choices.map(\.finishReason) == [.stop])
        #expect(completion.usage == Schemas.Usage(promptTokens: 2, completionTokens: 5, totalTokens: 7))
    }

    @Test("The same answer streams word by word and ends with [DONE]")
    func streamed() async throws {
        let answer = try await ProxyFixture(scenarios: book).complete(userMessage("hello there", stream: true))
        #expect(answer.head.headerFields[.contentType]?.hasPrefix("text/event-stream") == true)
        #expect(answer.events.last == "[DONE]")
        let chunks = try answer.chunks
        #expect(chunks.first?.choices.first?.delta.role == "assistant")
        #expect(chunks.content == "[scripted] You said: hello there")
        #expect(chunks.filter { $0.choices.first?.delta.content != nil }.count == 5)
        #expect(chunks.finishReasons == [.stop])
        #expect(Set(chunks.map(\.id)).count == 1)
        #expect(chunks.allSatisfy { $0.usage == nil && $0.systemFingerprint == "scripted" })
    }

    @Test("The usage comes in a chunk of its own, when asked for")
    func streamedUsage() async throws {
        let body = userMessage("hello", stream: true, more: #","stream_options":{"include_usage":true}"#)
        let chunks = try await ProxyFixture(scenarios: book).complete(body).chunks
        #expect(chunks.last?.choices.isEmpty == true)
        #expect(chunks.last?.usage == Schemas.Usage(promptTokens: 1, completionTokens: 4, totalTokens: 5))
    }

    @Test("A step calls tools in parallel; the next one uses what they gave")
    func tools() async throws {
        let client = try ProxyFixture(scenarios: book).client
        let tool = Schemas.Tool(function: .init(name: "read_file"))
        var request = Schemas.ChatCompletionRequest(
            model: "scripted", messages: [.init(role: .user, content: "README, please")], tools: [tool])
        guard case .json(let first) = try await client.createChatCompletion(.init(body: request)).ok.body else { throw UnexpectedAnswer() }
        let message = try #require(first.choices.first?.message)
        let calls = try #require(message.toolCalls)
        #expect(first.choices.first?.finishReason == .toolCalls)
        #expect(message.content == "[scripted] Let me look.")
        #expect(calls.map(\.function.name) == ["read_file", "read_file"])
        #expect(
            calls.map(\.function.arguments) == [
                #"{"path":"README.md","start_line":1,"deep":{"all":true,"none":null}}"#, #"{"path":"README.md"}"#,
            ])
        #expect(Set(calls.map(\.id)).count == 2)

        request.messages.append(.init(role: .assistant, content: message.content, toolCalls: calls))
        request.messages.append(.init(role: .tool, content: "nothing", toolCallID: calls[1].id))
        request.messages.append(.init(role: .tool, content: ##"{"content":"# Title\nmore","total_lines":2}"##, toolCallID: calls[0].id))
        guard case .json(let second) = try await client.createChatCompletion(.init(body: request)).ok.body else { throw UnexpectedAnswer() }
        #expect(second.choices.first?.message.content == "[scripted] It says: # Title; the other: nothing")
        #expect(second.usage.totalTokens == 10)
    }

    @Test("A stream gives tool calls with their index, id, name and arguments")
    func streamedTools() async throws {
        let more = #","tools":[{"type":"function","function":{"name":"read_file"}}]"#
        let chunks = try await ProxyFixture(scenarios: book).complete(userMessage("readme", stream: true, more: more)).chunks
        let deltas = chunks.flatMap { $0.choices.first?.delta.toolCalls ?? [] }
        #expect(deltas.map(\.index) == [0, 1])
        #expect(deltas.allSatisfy { $0.id?.isEmpty == false && $0.function?.name == "read_file" && $0.type == "function" })
        #expect(chunks.finishReasons == [.toolCalls])
    }

    @Test("A scenario asks for tools that the request must offer")
    func toolsNotOffered() async throws {
        let completion = try await ProxyFixture(scenarios: book).complete(userMessage("readme")).completion
        #expect(completion.choices.first?.message.content == "[scripted] You said: readme")
    }

    @Test("A simulated refusal has its status and Retry-After")
    func failure() async throws {
        let answer = try await ProxyFixture(scenarios: book).complete(userMessage("limit"))
        #expect(answer.status == 429)
        #expect(answer.head.headerFields[.retryAfter] == "12")
        #expect(try answer.error.code == "rate_limited")
    }

    @Test("A simulated failure within the answer breaks the stream off, and fails the whole answer")
    func failureOnTheWay() async throws {
        let proxy = try ProxyFixture(scenarios: book)
        let streamed = try await proxy.complete(userMessage("break", stream: true))
        #expect(streamed.status == 200)
        #expect(streamed.streamFailure is ProviderFailure)
        #expect(try streamed.chunks.content == "[scripted] one ")
        #expect(!streamed.events.contains("[DONE]"))
        let whole = try await proxy.complete(userMessage("break"))
        #expect(whole.status == 502)
        #expect(try whole.error.type == "upstream_error")
    }

    @Test("The notice can be changed, and models and the default text have defaults")
    func notice() async throws {
        let proxy = try ProxyFixture(scenarios: "version: 1\nnotice: ''\nmodels: [a, b]")
        let completion = try await proxy.complete(userMessage("x", model: "b")).completion
        #expect(completion.model == "b")
        #expect(completion.choices.first?.message.content == "No scenario fits.")
    }
}

/// Another answer than the test is about.
struct UnexpectedAnswer: Error {}
