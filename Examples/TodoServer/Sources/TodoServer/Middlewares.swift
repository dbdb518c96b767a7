import APISupport
import HTTPTypes

/// Tells in every answer how long it took (Server Timing).
struct ServerTiming: ServerMiddleware {
    func respond(
        to request: ServerRequest, context: CallContext, next: @Sendable (ServerRequest, CallContext) async -> ServerResponse
    ) async -> ServerResponse {
        let start = ContinuousClock.now
        var response = await next(request, context)
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        response.head.headerFields[HTTPField.Name("Server-Timing")!] = "app;dur=\(milliseconds)"
        return response
    }
}

/// Writes a line an answer, with the operation's name and never with what was sent.
struct AccessLog: ServerMiddleware {
    func respond(
        to request: ServerRequest, context: CallContext, next: @Sendable (ServerRequest, CallContext) async -> ServerResponse
    ) async -> ServerResponse {
        let response = await next(request, context)
        context.logger.info("\(request.head.method) \(response.head.status.code)")
        return response
    }
}
