import APISupport
import GatewayAPI
import HTTPTypes

/// Stands before the operations and the channel: a call beyond its caller's limit gets no further, and every other answer tells what is left.
struct CallLimiting: ServerMiddleware {
    let limits: GatewayLimits
    let callers: Callers

    func respond(
        to request: ServerRequest, context: CallContext, next: @Sendable (ServerRequest, CallContext) async -> ServerResponse
    ) async -> ServerResponse {
        // Whoever watches over the gateway must be answered, from whatever address all of its probes come.
        guard context.operationID != Operations.GetHealth.id else { return await next(request, context) }
        let (caller, token) = await callers.caller(of: request)
        let allowance = await limits.take(limits.calls, of: caller)
        if let allowance, allowance.isRefused { return Self.refusal(allowance, context) }
        var response = await CheckedToken.$current.withValue(token) { await next(request, context) }
        for field in allowance?.fields ?? [:] { response.head.headerFields[field.name] = field.value }
        return response
    }

    /// The same channel for connections that keep to their limit.
    func limiting(_ route: WebSocketRoute) -> WebSocketRoute {
        WebSocketRoute(path: route.path, channelID: route.channelID) { request, context in
            let (caller, token) = await callers.caller(of: request)
            let allowance = await limits.take(limits.connections, of: caller)
            if let allowance, allowance.isRefused { return .reject(Self.refusal(allowance, context)) }
            return await CheckedToken.$current.withValue(token) { await route.upgrade(request, context) }
        }
    }

    private static func refusal(_ allowance: Allowance, _ context: CallContext) -> ServerResponse {
        let failure = RequestFailure(
            .tooManyRequests, detail: "Too many calls; try again in \(allowance.wait).", headerFields: allowance.fields)
        return ServerCall.response(to: failure, declared: DeclaredFailures(problems: [failure.code.status]), context: context)
    }
}
