public import APISupport
import HTTPTypes
public import LLMProxyAPI

/// A provider behind an API in the shapes of OpenAI's: OpenAI itself, and the many that speak its language.
///
/// It asks for a stream always, and takes a whole answer too. What the caller sent goes on as it is, but for members that the proxy's document
/// does not name.
public struct OpenAICompatibleProvider: ChatProvider {
    /// How to reach the upstream.
    public struct Configuration: Sendable {
        /// The provider's name, in `owned_by` and in the log.
        public var name: String
        /// Up to and without `/chat/completions`, such as `https://api.openai.com/v1`.
        public var baseURL: String
        /// Sent as bearer token; nil for an upstream without one.
        public var apiKey: APIKey?
        /// The models to offer.
        public var models: [String]
        /// How long the upstream may take to begin its answer.
        public var responseTimeout: Duration
        /// How long the upstream may be silent within its answer.
        public var idleTimeout: Duration

        public init(
            name: String, baseURL: String, apiKey: APIKey? = nil, models: [String], responseTimeout: Duration = .seconds(60),
            idleTimeout: Duration = .seconds(60)
        ) {
            self.name = name
            self.baseURL = baseURL
            self.apiKey = apiKey
            self.models = models
            self.responseTimeout = responseTimeout
            self.idleTimeout = idleTimeout
        }
    }

    private let configuration: Configuration
    private let client: ClientCore

    public init(_ configuration: Configuration, transport: any ClientTransport) {
        self.configuration = configuration
        client = ClientCore(
            serverURL: configuration.baseURL, transport: transport,
            credentials: configuration.apiKey.map { BearerCredentialProvider(token: $0.value) })
    }

    public var name: String { configuration.name }

    public var models: [String] { configuration.models }

    public func complete(_ request: Schemas.ChatCompletionRequest) async throws -> ChunkSequence {
        let reply = try await send(call(for: request))
        guard reply.status == 200 else { throw await failure(reply) }
        return try await UpstreamFailure.mapping(limit: configuration.responseTimeout) { () -> ChunkSequence in
            if try reply.content(["text/event-stream", "application/json"]) == 0 {
                let events = reply.eventStream(terminator: "[DONE]", JSONValue.read)
                return UpstreamChunks(events: events, model: request.model, idleTimeout: configuration.idleTimeout)
            }
            let limit = configuration.idleTimeout
            let json = try await withDeadline(limit) { try await reply.json(JSONValue.read) }
            guard let chunk = UpstreamChunk.wholeAnswer(json, model: request.model) else {
                throw ProviderFailure(.invalidAnswer, "The upstream's answer is not a completion.")
            }
            return SingleChunk(chunk: chunk)
        }
    }

    private func call(for request: Schemas.ChatCompletionRequest) -> ClientCall {
        var request = request
        request.stream = true
        request.streamOptions = Schemas.StreamOptions(includeUsage: true)
        var call = ClientCall(operationID: "upstream", method: .post, path: "/chat/completions")
        call.accept(["text/event-stream", "application/json"])
        call.json("application/json") { request.write(to: &$0) }
        return call
    }

    private func send(_ call: ClientCall) async throws -> ClientReply {
        let limit = configuration.responseTimeout
        return try await UpstreamFailure.mapping(limit: limit) { [client] in
            try await withDeadline(limit) { try await client.send(call, security: [[.bearer(scheme: "upstream")], []]) }
        }
    }

    /// The failure for an answer with an error status, whose body is read only to a bound.
    private func failure(_ reply: ClientReply) async -> ProviderFailure {
        let retryAfter: String? = (try? reply.optionalHeader("Retry-After")) ?? nil
        return UpstreamError.failure(
            status: reply.status, body: await reply.undeclared().bodyPrefix, retryAfter: retryAfter, secret: configuration.apiKey?.value)
    }
}

/// A key for an upstream. It shows itself to no log: only ``value`` gives it away.
public struct APIKey: Sendable, CustomStringConvertible, CustomReflectable {
    let value: String

    public init(_ value: String) { self.value = value }

    public var description: String { "APIKey(***)" }

    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// An answer that came in one piece.
private struct SingleChunk: AsyncSequence, Sendable {
    typealias Failure = any Error

    let chunk: Schemas.ChatCompletionChunk

    func makeAsyncIterator() -> Iterator { Iterator(chunk: chunk) }

    struct Iterator: AsyncIteratorProtocol {
        var chunk: Schemas.ChatCompletionChunk?

        mutating func next() async throws -> Schemas.ChatCompletionChunk? {
            defer { chunk = nil }
            return chunk
        }
    }
}
