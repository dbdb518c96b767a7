import APISupport
import HTTPTypes
import LLMProxyAPI
import LLMProxyHandlers
import Testing

@Suite("OpenAI-compatible upstreams")
struct OpenAICompatibleTests {
    private static func chunk(_ delta: String, finish: String = "null", more: String = "") -> String {
        #"{"id":"c1","object":"chat.completion.chunk","created":5,"model":"gpt-test-1","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]\#(more)}"#
    }

    private static let usage =
        #"{"id":"c1","created":5,"model":"gpt-test-1","choices":[],"usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}}"#

    private var textUpstream: FakeUpstream {
        FakeUpstream(
            events: Self.chunk(#"{"role":"assistant","content":""}"#), Self.chunk(#"{"content":"Hello "}"#),
            Self.chunk(#"{"content":"you"}"#),
            Self.chunk("{}", finish: #""stop""#), Self.usage, "[DONE]")
    }

    @Test("A whole answer is put together from the stream")
    func whole() async throws {
        let completion = try await ProxyFixture(upstream: textUpstream).complete(userMessage("hi", model: "gpt-test")).completion
        #expect(completion.id == "c1")
        #expect(completion.model == "gpt-test-1")
        #expect(completion.created == 5)
        #expect(completion.choices.map(\.message.content) == ["Hello you"])
        #expect(completion.choices.map(\.finishReason) == [.stop])
        #expect(completion.usage.totalTokens == 6)
        #expect(completion.systemFingerprint == nil)
    }

    @Test("A stream passes the chunks on; the usage only when it was asked for")
    func streamed() async throws {
        let proxy = try ProxyFixture(upstream: textUpstream)
        let plain = try await proxy.complete(userMessage("hi", model: "gpt-test", stream: true))
        #expect(try plain.chunks.content == "Hello you")
        #expect(try plain.chunks.allSatisfy { $0.usage == nil })
        #expect(plain.events.last == "[DONE]")
        let counted = try await proxy.complete(
            userMessage("hi", model: "gpt-test", stream: true, more: #","stream_options":{"include_usage":true}"#))
        #expect(try counted.chunks.last?.usage?.totalTokens == 6)
    }

    @Test("The upstream gets the conversation, its key and a request for a stream with usage")
    func request() async throws {
        let upstream = textUpstream
        let more = #","temperature":0.5,"max_tokens":9,"stop":["a","b"],"tool_choice":"auto","unknown":1"#
        _ = try await ProxyFixture(upstream: upstream).complete(userMessage("hi", model: "gpt-test", more: more))
        let request = try #require(upstream.requests.first)
        #expect(request.url == "https://upstream.test/api/v1/chat/completions")
        #expect(request.head.headerFields[.authorization] == "Bearer sk-secret-key")
        let body = try JSONReader.decode(JSONObject.self, from: request.body)
        #expect(body["stream"] == true)
        #expect(body["stream_options"] == ["include_usage": true])
        #expect(body["temperature"] == 0.5)
        #expect(body["max_tokens"] == 9)
        #expect(body["stop"] == ["a", "b"])
        #expect(body["tool_choice"] == "auto")
        #expect(body["unknown"] == nil)
        #expect(body["messages"]?.arrayValue?.first?.objectValue?["content"] == "hi")
    }

    @Test("An upstream without a key gets none")
    func noKey() async throws {
        let upstream = textUpstream
        _ = try await ProxyFixture(upstream: upstream, apiKey: nil).complete(userMessage("hi", model: "gpt-test"))
        #expect(upstream.requests.map(\.head.headerFields[.authorization]) == [nil])
    }

    @Test("Tool calls in pieces are put together by their index")
    func tools() async throws {
        let upstream = FakeUpstream(
            events: Self.chunk(
                #"{"role":"assistant","content":null,"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}]}"#
            ),
            Self.chunk(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}]}"#),
            Self.chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":":1}"}},{"index":1,"function":{"arguments":"{}"}}]}"#),
            Self.chunk("{}", finish: #""tool_calls""#), "[DONE]")
        let completion = try await ProxyFixture(upstream: upstream).complete(userMessage("hi", model: "gpt-test")).completion
        let message = try #require(completion.choices.first).message
        #expect(message.content == nil)
        #expect(message.toolCalls?.map(\.id) == ["a", "b"])
        #expect(message.toolCalls?.map(\.function.arguments) == [#"{"x":1}"#, "{}"])
        #expect(completion.usage.totalTokens == 0)
    }

    @Test("Dialects: members left out, a usage beside the last choice, a whole answer though a stream was asked for")
    func dialects() async throws {
        let bare = FakeUpstream(
            events: #"{"choices":[{"delta":{"content":"Hi"}}]}"#,
            #"{"choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#)
        let completion = try await ProxyFixture(upstream: bare).complete(userMessage("hi", model: "gpt-test")).completion
        #expect(completion.choices.first?.message.content == "Hi")
        #expect(completion.model == "gpt-test")
        #expect(completion.usage.totalTokens == 3)
        let whole = FakeUpstream(
            200,
            #"{"id":"w","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"All"},"finish_reason":"length"}],"usage":null}"#
        )
        let proxy = try ProxyFixture(upstream: whole)
        #expect(try await proxy.complete(userMessage("hi", model: "gpt-test")).completion.choices.first?.finishReason == .length)
        #expect(try await proxy.complete(userMessage("hi", model: "gpt-test", stream: true)).chunks.content == "All")
    }

    @Test(
        "An upstream's error status becomes a declared one, and stays in the message",
        arguments: [
            (400, 400, "invalid_request"), (401, 502, "upstream_credentials_refused"), (403, 502, "upstream_credentials_refused"),
            (404, 404, "model_not_found"), (413, 413, "content_too_large"), (422, 400, "invalid_request"), (429, 429, "rate_limited"),
            (500, 502, "upstream_failed"), (503, 503, "upstream_unavailable"), (504, 504, "upstream_timeout"),
            (529, 503, "upstream_unavailable"),
        ])
    func statuses(upstream: Int, status: Int, code: String) async throws {
        let fake = FakeUpstream(
            upstream, headers: [.retryAfter: "3"], #"{"error":{"message":"no, sk-secret-key, no","type":"t","code":null}}"#)
        let answer = try await ProxyFixture(upstream: fake).complete(userMessage("hi", model: "gpt-test", stream: true))
        #expect(answer.status == status)
        let error = try answer.error
        #expect(error.code == code)
        #expect(error.message.contains("\(upstream)"))
        #expect(!answer.text.contains("sk-secret-key"))
        #expect(error.message.contains("no, ***, no") == (code != "upstream_credentials_refused"))
        #expect(answer.head.headerFields[.retryAfter] == (status == 429 ? "3" : nil))
    }

    @Test(
        "An answer that is no completion is a bad gateway",
        arguments: [
            FakeUpstream(200, contentType: "text/html", "<html>"), FakeUpstream(200, "{}"), FakeUpstream(200, "not json"),
            FakeUpstream(events: "not json"), FakeUpstream(events: #"{"hello":1}"#), FakeUpstream(events: "[DONE]"),
            FakeUpstream(200, contentType: "text/event-stream", ""),
            FakeUpstream(events: #"{"error":{"message":"overloaded"}}"#), FakeUpstream(302, ""),
        ])
    func garbage(upstream: FakeUpstream) async throws {
        for stream in [false, true] {
            let answer = try await ProxyFixture(upstream: upstream).complete(userMessage("hi", model: "gpt-test", stream: stream))
            #expect(answer.status == 502)
            #expect(try answer.error.type == "upstream_error")
        }
    }

    @Test("A stream that ends before the answer does is no answer")
    func brokenOff() async throws {
        let proxy = try ProxyFixture(upstream: FakeUpstream(events: Self.chunk(#"{"content":"Hel"}"#)))
        #expect(try await proxy.complete(userMessage("hi", model: "gpt-test")).status == 502)
        let streamed = try await proxy.complete(userMessage("hi", model: "gpt-test", stream: true))
        #expect(try streamed.chunks.content == "Hel")
        #expect(streamed.streamFailure is ProviderFailure)
        #expect(!streamed.events.contains("[DONE]"))
    }

    @Test("An upstream that cannot be reached is unavailable")
    func unreachable() async throws {
        struct Refused: Error {}
        let answer = try await ProxyFixture(upstream: FakeUpstream { _ in throw Refused() }).complete(userMessage("hi", model: "gpt-test"))
        #expect(answer.status == 503)
        #expect(try answer.error.code == "upstream_unavailable")
    }

    @Test("An upstream that does not answer, or falls silent, times out")
    func silence() async throws {
        let mute = FakeUpstream { _ in try await waitForCancellation() }
        let answer = try await ProxyFixture(upstream: mute, timeout: .milliseconds(20)).complete(userMessage("hi", model: "gpt-test"))
        #expect(answer.status == 504)
        #expect(try answer.error.code == "upstream_timeout")
        let falling = FakeUpstream { _ in
            let body = SilentAfter(chunks: ["data: \(Self.chunk(#"{"content":"Hel"}"#))\n\n"], ended: {})
            return ClientResponse(
                head: HTTPResponse(status: .ok, headerFields: [.contentType: "text/event-stream"]), body: ByteStream(body))
        }
        let proxy = try ProxyFixture(upstream: falling, timeout: .milliseconds(50))
        #expect(try await proxy.complete(userMessage("hi", model: "gpt-test")).status == 504)
        let streamed = try await proxy.complete(userMessage("hi", model: "gpt-test", stream: true))
        #expect(try streamed.chunks.content == "Hel")
        #expect((streamed.streamFailure as? ProviderFailure)?.code == .timeout)
    }

    @Test("Cancelling the caller's request ends the upstream's", .timeLimit(.minutes(1)), arguments: [false, true])
    func cancellation(stream: Bool) async throws {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let (starts, start) = AsyncStream<Void>.makeStream()
        let upstream = FakeUpstream { _ in
            // Cancelled any earlier, the request might end before the body is read at all, and nothing would tell of its end.
            let body = SilentAfter(chunks: ["data: \(Self.chunk(#"{"content":"Hel"}"#))\n\n"], silent: { start.yield() }) { end.yield() }
            return ClientResponse(
                head: HTTPResponse(status: .ok, headerFields: [.contentType: "text/event-stream"]), body: ByteStream(body))
        }
        let proxy = try ProxyFixture(upstream: upstream)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await proxy.complete(userMessage("hi", model: "gpt-test", stream: stream)) }
            for await _ in starts { break }
            group.cancelAll()
            for await _ in ends { break }
        }
    }

    @Test("A key shows itself to no description")
    func key() {
        let configuration = OpenAICompatibleProvider.Configuration(
            name: "n", baseURL: "http://u", apiKey: APIKey("sk-secret-key"), models: [])
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!"\(configuration)".contains("sk-secret"))
        #expect(!dumped.contains("sk-secret"))
    }
}
