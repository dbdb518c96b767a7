import APISupport
import HTTPTypes
import LLMProxyHandlers
import Synchronization

/// An upstream in this process.
final class FakeUpstream: ClientTransport {
    typealias Reply = @Sendable (ClientRequest) async throws -> ClientResponse

    private let reply: Reply
    private let seen = Mutex<[ClientRequest]>([])

    init(_ reply: @escaping Reply) { self.reply = reply }

    /// Answers with a status and a body.
    convenience init(_ status: Int, contentType: String = "application/json", headers: HTTPFields = [:], _ body: String) {
        self.init { _ in
            var head = HTTPResponse(status: .init(code: status), headerFields: headers)
            head.headerFields[.contentType] = contentType
            return ClientResponse(head: head, body: ByteStream(Array(body.utf8)))
        }
    }

    /// Answers with an event stream of these data texts.
    convenience init(events: String...) {
        self.init(200, contentType: "text/event-stream", events.map { "data: \($0)\n\n" }.joined())
    }

    var requests: [ClientRequest] { seen.withLock { $0 } }

    func send(_ request: ClientRequest) async throws -> ClientResponse {
        seen.withLock { $0.append(request) }
        return try await reply(request)
    }
}

/// Never goes on; throws when its task is cancelled.
func waitForCancellation() async throws -> Never {
    let never = AsyncStream<Never> { _ in }
    for await _ in never {}
    throw CancellationError()
}

/// Chunks of bytes, then silence until the reader is cancelled or gone; tells `silent` when it begins, and `ended` then.
struct SilentAfter: AsyncSequence, Sendable {
    let chunks: [String]
    var silent: @Sendable () -> Void = {}
    let ended: @Sendable () -> Void

    func makeAsyncIterator() -> Iterator { Iterator(rest: chunks[...], silent: silent, ended: ended) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<String>
        let silent: @Sendable () -> Void
        let ended: @Sendable () -> Void

        mutating func next() async throws -> [UInt8]? {
            if let chunk = rest.popFirst() { return Array(chunk.utf8) }
            silent()
            defer { ended() }
            try await waitForCancellation()
        }
    }
}

extension ProxyFixture {
    /// A proxy of the model `gpt-test` behind `upstream`.
    init(upstream: FakeUpstream, apiKey: String? = "sk-secret-key", timeout: Duration = .seconds(30)) throws {
        let configuration = OpenAICompatibleProvider.Configuration(
            name: "fake", baseURL: "https://upstream.test/api/v1/", apiKey: apiKey.map { APIKey($0) }, models: ["gpt-test"],
            responseTimeout: timeout,
            idleTimeout: timeout)
        try self.init(OpenAICompatibleProvider(configuration, transport: upstream))
    }
}
