internal import APISupport
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Answers the requests of one connection with a router.
struct APIResponder: Sendable {
    let router: APIRouter
    let connection: HTTPConnectionLink
    let remoteAddress: String?

    /// Answers one request after the other, until there are no more.
    ///
    /// - Parameter rejection: the answer to the first request, when that asked for an upgrade in vain.
    func run(rejection: ServerResponse?) async {
        var rejection = rejection
        var next = await connection.next()
        while let incoming = next {
            let request = request(incoming)
            var response: ServerResponse
            if let refused = rejection.take() {
                response = refused
            } else if let request {
                response = await router.respond(to: request)
            } else {
                response = .empty(400)
            }
            next = await answer(incoming, with: response)
        }
    }

    // MARK: Request

    /// nil when the method is none.
    private func request(_ incoming: IncomingRequest) -> ServerRequest? {
        guard let head = HTTPRequest(incoming.head) else { return nil }
        return ServerRequest(head: head, body: Self.body(of: incoming), remoteAddress: remoteAddress)
    }

    private static func body(of incoming: IncomingRequest) -> APISupport.RequestBody {
        switch incoming.body {
        // RFC 9112 §6.3: neither length nor transfer coding means no body.
        case .none: .none
        case .whole(let bytes):
            APISupport.RequestBody(
                stream: ByteStream([UInt8](bytes.readableBytesView)), contentLength: incoming.declaredLength)
        case .stream(let body):
            APISupport.RequestBody(stream: ByteStream { try await body.next() }, contentLength: incoming.declaredLength)
        }
    }

    // MARK: Response

    private func answer(_ request: IncomingRequest, with response: ServerResponse) async -> IncomingRequest? {
        let isHead = request.head.method == .HEAD
        let hasBody = HTTPResponseStatus(statusCode: response.head.status.code).mayHaveResponseBody
        let mustClose = Self.mustClose(after: response, request)
        switch response.body {
        // RFC 9110 §8.6: no length where there can be no body; that of GET's body for HEAD.
        case .bytes(let bytes) where hasBody:
            var head = OutgoingHead(response.head, mustClose: mustClose, bodyLength: isHead ? 0 : bytes.count)
            head.addLength(bytes.count)
            return await connection.answer(head, isHead ? [] : bytes)
        case .stream(let stream) where hasBody && !isHead:
            var head = OutgoingHead(response.head, mustClose: mustClose || !request.head.isCurrent)
            if let length = Self.length(response) { head.addLength(length) } else if request.head.isCurrent { head.chunk() }
            let isEventStream = response.head.headerFields[.contentType]?.hasPrefix("text/event-stream") == true
            return await send(stream, behind: head, hasHeartbeat: isEventStream)
        default:
            var head = OutgoingHead(response.head, mustClose: mustClose)
            if hasBody, let length = isHead ? Self.length(response) : 0 { head.addLength(length) }
            return await connection.answer(head)
        }
    }

    /// Sends chunks as they come.
    private func send(_ stream: ByteStream, behind head: OutgoingHead, hasHeartbeat: Bool) async -> IncomingRequest? {
        connection.start(head, hasHeartbeat: hasHeartbeat)
        do {
            for try await chunk in stream { try await connection.write(chunk) }
            // What ends because the peer went away must not look whole.
            try Task.checkCancellation()
            return await connection.end()
        } catch {
            connection.abort()
            return nil
        }
    }

    /// What a route says of a body that is not here.
    private static func length(_ response: ServerResponse) -> Int? { response.head.headerFields[.contentLength].flatMap { Int($0) } }

    /// After a refusal a large rest of the request would have to be read for nothing: the connection is not worth that.
    private static func mustClose(after response: ServerResponse, _ request: IncomingRequest) -> Bool {
        guard response.head.status.code >= 400, case .stream = request.body else { return false }
        return (request.declaredLength ?? .max) > APISupport.RequestBody.defaultLimit
    }
}

extension IncomingRequest {
    /// nil for a body that says its end itself.
    fileprivate var declaredLength: Int? { head.headers.first(name: "content-length").flatMap { Int($0) } }
}
