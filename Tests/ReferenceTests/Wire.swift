import APISupport
import HTTPTypes
import Synchronization
import WireAPI

struct WireEvents: AsyncSequence, Sendable {
    var texts: [String]

    struct AsyncIterator: AsyncIteratorProtocol {
        var texts: ArraySlice<String>

        mutating func next() async throws -> ServerSentEvent<String>? { texts.popFirst().map { ServerSentEvent(data: $0) } }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(texts: texts[...]) }
}

/// Calls the API in this process and keeps the requests as they are sent.
struct WireTransport: ClientTransport {
    let router: APIRouter
    let recorded: WireHandler.Record

    func send(_ request: ClientRequest) async throws -> ClientResponse {
        recorded.requests.withLock { $0.append(request) }
        return try await InProcessTransport(router: router).send(request)
    }
}

/// A server with its client.
struct Wire {
    let handler = WireHandler()

    var router: APIRouter { APIRouter(routes: Server(handler: handler).routes) }
    var client: Client {
        Client(serverURL: "http://localhost", transport: WireTransport(router: router, recorded: handler.recorded))
    }

    /// The input that the last call brought.
    func last<Input>(_ type: Input.Type) -> Input? { handler.recorded.inputs.withLock { $0.last } as? Input }

    var lastRequest: ClientRequest? { handler.recorded.requests.withLock { $0.last } }

    /// What a request by hand is answered with.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields = [:], body: [UInt8] = [], chunks: Int? = nil
    ) async throws -> (status: Int, fields: HTTPFields, body: String) {
        let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields)
        var sent = RequestBody(body)
        if let chunks { sent = RequestBody(stream: ByteStream(Chunks(bytes: body, size: chunks)), contentLength: nil) }
        let response = await router.respond(to: ServerRequest(head: head, body: sent))
        let bytes: [UInt8]
        switch response.body {
        case .none: bytes = []
        case .bytes(let all): bytes = all
        case .stream(let stream): bytes = try await stream.collect(upTo: 1 << 20) ?? []
        }
        return (response.head.status.code, response.head.headerFields, String(decoding: bytes, as: UTF8.self))
    }

    /// The violations of a request by hand: `pointer rule`.
    func violations(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields = [:], body: [UInt8] = []
    ) async throws -> [String] {
        let answer = try await send(method, path, fields, body: body)
        let problem = try JSONReader.decode(Problem.self, from: [UInt8](answer.body.utf8))
        return (problem.errors ?? []).map { "\($0.pointer) \($0.rule)" }
    }
}

/// Bytes in pieces.
struct Chunks: AsyncSequence, Sendable {
    var bytes: [UInt8]
    var size: Int

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>
        let size: Int

        mutating func next() async throws -> [UInt8]? {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes[...], size: size) }
}
