internal import HTTPTypes

/// Calls a router in the same process: no sockets, no copies, streaming and cancellation as over a wire.
public struct InProcessTransport: ClientTransport {
    private let router: APIRouter

    public init(router: APIRouter) { self.router = router }

    public func send(_ request: ClientRequest) async throws -> ClientResponse {
        try Task.checkCancellation()
        let body = request.bodyStream.map { RequestBody(stream: $0, contentLength: nil) } ?? RequestBody(request.body)
        let response = await router.respond(to: ServerRequest(head: request.head, body: body, remoteAddress: "in-process"))
        switch response.body {
        case .none: return ClientResponse(head: response.head, body: ByteStream([]))
        case .bytes(let bytes): return ClientResponse(head: response.head, body: ByteStream(bytes))
        case .stream(let stream): return ClientResponse(head: response.head, body: stream)
        }
    }
}
