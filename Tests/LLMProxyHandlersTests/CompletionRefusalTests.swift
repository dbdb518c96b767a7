import APISupport
import HTTPTypes
import LLMProxyAPI
import LLMProxyHandlers
import ScenarioFiles
import Testing

@Suite("Requests that the proxy refuses, in OpenAI's form")
struct CompletionRefusalTests {
    private let proxy: ProxyFixture

    init() throws { proxy = try ProxyFixture(scenarios: "version: 1") }

    @Test(
        "A body that is malformed or breaks the document",
        arguments: [
            (#"{"model":"#, nil, "malformed_body"),
            (#"{"messages":[{"role":"user","content":"x"}]}"#, "model", "invalid_request"),
            (#"{"model":7,"messages":[{"role":"user","content":"x"}]}"#, "model", "invalid_request"),
            (#"{"model":"scripted","messages":[]}"#, "messages", "invalid_request"),
            (#"{"model":"scripted","messages":[{"role":"owner","content":"x"}]}"#, "messages[0].role", "invalid_request"),
            (#"{"model":"scripted","messages":[{"role":"user","content":["x"]}]}"#, "messages[0].content", "invalid_request"),
            (#"{"model":"scripted","messages":[{"role":"user","content":"x"}],"temperature":3}"#, "temperature", "invalid_request"),
            (#"{"model":"scripted","messages":[{"role":"user","content":"x"}],"n":2}"#, "n", "invalid_request"),
            (#"{"model":"scripted","messages":[{"role":"user"}]}"#, "messages[0].content", "invalid_request"),
            (
                #"{"model":"scripted","messages":[{"role":"user","content":"x"},{"role":"assistant"}]}"#, "messages[1].content",
                "invalid_request"
            ),
            (
                #"{"model":"scripted","messages":[{"role":"user","content":"x"},{"role":"tool","content":"y"}]}"#,
                "messages[1].tool_call_id",
                "invalid_request"
            ),
        ])
    func badRequest(body: String, param: String?, code: String) async throws {
        let answer = try await proxy.complete(body)
        #expect(answer.status == 400)
        let error = try answer.error
        #expect(error.type == "invalid_request_error")
        #expect(error.param == param)
        #expect(error.code == code)
        #expect(!error.message.isEmpty)
    }

    @Test("All that is wrong is told at once")
    func allViolations() async throws {
        let error = try await proxy.complete(#"{"messages":[{"role":"owner","content":1}],"top_p":2}"#).error
        for place in ["model", "messages[0].role", "messages[0].content", "top_p"] { #expect(error.message.contains("\(place): ")) }
    }

    @Test("A model that nobody serves")
    func unknownModel() async throws {
        let answer = try await proxy.complete(userMessage("x", model: "gpt-0"))
        #expect(answer.status == 404)
        #expect(try answer.error.code == "model_not_found")
        #expect(try answer.error.param == "model")
    }

    @Test("No token, an expired one, one without the scope", arguments: [(nil, 401), ("expired", 401), ("unscoped", 403)])
    func tokens(token: String?, status: Int) async throws {
        for (method, path) in [(HTTPRequest.Method.post, "/v1/chat/completions"), (.get, "/v1/models")] {
            let answer = try await proxy.send(method, path, token: token, userMessage("x"))
            #expect(answer.status == status)
            #expect(try answer.error.type == (status == 401 ? "authentication_error" : "permission_error"))
            #expect(answer.head.headerFields[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
        }
    }

    @Test("A body of another media type, and one that is too large")
    func bodies() async throws {
        let text = try await proxy.complete(userMessage("x"), contentType: "text/plain")
        #expect(text.status == 415)
        #expect(try text.error.code == "unsupported_media_type")
        let large = try await proxy.complete(userMessage(String(repeating: "x", count: 8 << 20)))
        #expect(large.status == 413)
        #expect(try large.error.code == "content_too_large")
    }

    @Test("Health is public, the models are listed, and a wrong method or path is told")
    func others() async throws {
        let health = try await proxy.send(.get, "/health", token: nil)
        #expect(health.status == 200)
        #expect(health.text == #"{"status":"ok","service":"llm-proxy"}"#)
        let models = try await proxy.client.listModels(.init()).ok
        #expect(models.data.map(\.id) == ["scripted"])
        #expect(models.data.map(\.ownedBy) == ["codelab-scripted"])
        #expect(try await proxy.send(.delete, "/v1/models").status == 405)
        #expect(try await proxy.send(.get, "/v1/engines").status == 404)
    }

    @Test("Two providers cannot serve one model")
    func duplicateModel() throws {
        let provider = ScriptedProvider(try ScenarioBook(yaml: "version: 1", file: "s.yaml"))
        #expect(throws: ModelRouter.DuplicateModel.self) { try ProxyFixture(provider, provider) }
    }
}
