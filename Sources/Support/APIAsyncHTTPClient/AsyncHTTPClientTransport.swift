public import APISupport
public import AsyncHTTPClient
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Sends requests with AsyncHTTPClient. Responses are streamed: what the caller does not pull, the server is held back from sending.
public struct AsyncHTTPClientTransport: ClientTransport {
    private let client: HTTPClient
    private let responseTimeout: Duration

    /// One client for the process, with ``configuration(connectTimeout:readTimeout:)``; it lives as long as the process does.
    private static let shared = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration())

    /// `client`: nil for one that the whole process shares. `responseTimeout`: from sending to the response's head; the pauses within a
    /// body are limited by the client's `timeout.read` (see ``configuration(connectTimeout:readTimeout:)``).
    public init(client: HTTPClient? = nil, responseTimeout: Duration = .seconds(60)) {
        self.client = client ?? Self.shared
        self.responseTimeout = responseTimeout
    }

    /// A client configuration for calls between services: no redirects (a redirected call would carry its credentials elsewhere), no
    /// transparent decompression (a small body could become a huge one), and no wait without end.
    public static func configuration(
        connectTimeout: Duration = .seconds(5), readTimeout: Duration = .seconds(120)
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(connectTimeout), read: TimeAmount(readTimeout)), decompression: .disabled)
        configuration.httpVersion = .http1Only
        return configuration
    }

    public func send(_ request: ClientRequest) async throws -> ClientResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.head.method.rawValue)
        for field in request.head.headerFields { outgoing.headers.add(name: field.name.rawName, value: field.value) }
        if let stream = request.bodyStream {
            outgoing.body = .stream(RequestChunks(base: stream), length: .unknown)
        } else if !request.body.isEmpty {
            outgoing.body = .bytes(ByteBuffer(bytes: request.body))
        }
        let response = try await measured(request) { try await client.execute(outgoing, timeout: TimeAmount(responseTimeout)) }
        return ClientResponse(head: Self.head(of: response), body: ByteStream(ResponseChunks(base: response.body)))
    }

    private func measured(_ request: ClientRequest, _ execute: () async throws -> HTTPClientResponse) async throws -> HTTPClientResponse {
        let (method, authority) = (request.head.method.rawValue, request.head.authority ?? "")
        let start = ContinuousClock.now
        do {
            let response = try await execute()
            RequestMetrics.shared.record(method, authority, .status(Int(response.status.code)), since: start)
            return response
        } catch {
            let name = error is CancellationError || Task.isCancelled ? "cancelled" : "\(type(of: error))"
            RequestMetrics.shared.record(method, authority, .failed(name), since: start)
            throw error
        }
    }

    private static func head(of response: HTTPClientResponse) -> HTTPResponse {
        var fields = HTTPFields()
        for (name, value) in response.headers {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return HTTPResponse(status: .init(code: Int(response.status.code)), headerFields: fields)
    }
}

/// A request's body in chunks.
private struct RequestChunks: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let base: ByteStream

    func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        var base: ByteStream.Iterator

        mutating func next() async throws -> ByteBuffer? { try await base.next().map { ByteBuffer(bytes: $0) } }
    }
}

/// A response's body in chunks.
private struct ResponseChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let base: HTTPClientResponse.Body

    func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        var base: HTTPClientResponse.Body.AsyncIterator

        mutating func next() async throws -> [UInt8]? {
            try await base.next().map { Array($0.readableBytesView) }
        }
    }
}
