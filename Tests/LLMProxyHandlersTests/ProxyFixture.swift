import APISupport
import Coordination
import HTTPTypes
import LLMProxyAPI
import LLMProxyHandlers
import Logging
import MemoryInfrastructure
import ScenarioFiles

/// A proxy in this process, asked over its router as a server would.
struct ProxyFixture {
    let router: APIRouter

    init(
        _ providers: any ChatProvider..., configuration: LLMProxyConfiguration = LLMProxyConfiguration(),
        limiter: any RateLimiter = MemoryRateLimiter(), logger: Logger = .silent
    ) throws {
        router = try LLMProxyService(
            configuration: configuration, providers: providers, limiter: limiter, logger: logger, checkToken: Self.principal
        ).makeRouter()
    }

    /// A proxy with the scripted provider only.
    init(scenarios yaml: String) throws { try self.init(ScriptedProvider(ScenarioBook(yaml: yaml, file: "test.yaml"))) }

    @Sendable private static func principal(_ token: String) throws -> Principal {
        switch token {
        case "other": return Principal(subject: "another service", scopes: ["llm"])
        case "good": return Principal(subject: "service", scopes: ["llm"])
        case "unscoped": return Principal(subject: "service", scopes: ["api:read"])
        default:
            throw RequestFailure(
                .unauthenticated, detail: "The token has expired.", headerFields: [.wwwAuthenticate: #"Bearer error="invalid_token""#])
        }
    }

    /// The generated client, with a good token.
    var client: Client {
        Client(
            serverURL: "http://proxy.test", transport: InProcessTransport(router: router),
            credentials: BearerCredentialProvider(token: "good"))
    }

    /// Asks for a completion, with a good token.
    func complete(_ body: String, contentType: String = "application/json") async throws -> Answer {
        try await send(.post, "/v1/chat/completions", contentType: contentType, body)
    }

    /// A request as bytes. `token` nil: none.
    func send(
        _ method: HTTPRequest.Method, _ path: String, token: String? = "good", contentType: String = "application/json", _ body: String = ""
    ) async throws -> Answer {
        var head = HTTPRequest(method: method, scheme: "http", authority: "proxy.test", path: path)
        if let token { head.headerFields[.authorization] = "Bearer \(token)" }
        if !body.isEmpty { head.headerFields[.contentType] = contentType }
        let response = await router.respond(to: ServerRequest(head: head, body: RequestBody(Array(body.utf8))))
        var bytes: [UInt8] = []
        var failure: (any Error)?
        switch response.body {
        case .none: break
        case .bytes(let body): bytes = body
        case .stream(let stream):
            do {
                for try await chunk in stream { bytes += chunk }
            } catch {
                failure = error
            }
        }
        return Answer(head: response.head, text: String(decoding: bytes, as: UTF8.self), streamFailure: failure)
    }
}

/// An answer with all of its body.
struct Answer {
    let head: HTTPResponse
    let text: String
    /// What broke the stream off.
    let streamFailure: (any Error)?

    var status: Int { head.status.code }

    /// The error of an OpenAI error answer.
    var error: Schemas.ErrorObject {
        get throws { try JSONReader.decode(Schemas.ErrorResponse.self, from: Array(text.utf8)).error }
    }

    var completion: Schemas.ChatCompletion {
        get throws { try JSONReader.decode(Schemas.ChatCompletion.self, from: Array(text.utf8)) }
    }

    /// The data of the events of a stream.
    var events: [String] { text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) } }

    /// The chunks of a stream, without `[DONE]`.
    var chunks: [Schemas.ChatCompletionChunk] {
        get throws {
            try events.filter { $0 != "[DONE]" }.map { try JSONReader.decode(Schemas.ChatCompletionChunk.self, from: Array($0.utf8)) }
        }
    }
}

extension [Schemas.ChatCompletionChunk] {
    /// The text of all deltas.
    var content: String { compactMap { $0.choices.first?.delta.content }.joined() }

    var finishReasons: [Schemas.FinishReason] { compactMap { $0.choices.first?.finishReason } }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// A request's body with one user message.
func userMessage(_ text: String, model: String = "scripted", stream: Bool = false, more: String = "") -> String {
    let content = String(decoding: JSONWriter.encode(text), as: UTF8.self)
    return #"{"model":"\#(model)","messages":[{"role":"user","content":\#(content)}],"stream":\#(stream)\#(more)}"#
}
