/// Stands around a client's calls, whatever they are: for retries, tracing, fields that every request has.
public protocol ClientMiddleware: Sendable {
    /// - Parameter next: The middlewares further in, and at last the transport. It may be called again, for a retry.
    func send(
        _ request: ClientRequest, next: @Sendable (ClientRequest) async throws -> ClientResponse
    ) async throws -> ClientResponse
}

/// A transport with middlewares around it: the first one is the outermost.
public struct MiddlewareTransport: ClientTransport {
    private let transport: any ClientTransport
    private let middlewares: [any ClientMiddleware]

    public init(_ transport: any ClientTransport, middlewares: [any ClientMiddleware]) {
        self.transport = transport
        self.middlewares = middlewares
    }

    public func send(_ request: ClientRequest) async throws -> ClientResponse {
        try await send(request, through: middlewares[...])
    }

    private func send(_ request: ClientRequest, through rest: ArraySlice<any ClientMiddleware>) async throws -> ClientResponse {
        guard let middleware = rest.first else { return try await transport.send(request) }
        return try await middleware.send(request) { try await send($0, through: rest.dropFirst()) }
    }
}
