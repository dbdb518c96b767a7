public import APISupport
internal import HTTPTypes

/// Around the transport of calls that carry the credential: a token that is refused before its end (its key was revoked) is replaced, and the
/// call sent once more.
extension ClientCredentialsProvider: ClientMiddleware {
    public func send(
        _ request: ClientRequest, next: @Sendable (ClientRequest) async throws -> ClientResponse
    ) async throws -> ClientResponse {
        let response = try await next(request)
        guard response.head.status == .unauthorized, request.bodyStream == nil,
            let field = request.head.headerFields[.authorization], field.hasPrefix("Bearer ")
        else { return response }
        let token = try await replacement(of: String(field.dropFirst("Bearer ".count)))
        var request = request
        request.head.headerFields[.authorization] = "Bearer \(token)"
        return try await next(request)
    }
}
