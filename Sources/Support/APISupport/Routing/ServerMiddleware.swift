/// Stands around a server's operations, whatever they are: for metrics, tracing, limits, fields that every answer has.
///
/// A middleware sees a request after its operation was found (``CallContext/operationID`` names it) and before it is authenticated and
/// read. It passes the request on by calling `next`, or answers by itself. What the router answers without an operation (404, 405) does
/// not pass through it.
public protocol ServerMiddleware: Sendable {
    /// - Parameter next: The middlewares further in, and at last the operation.
    func respond(
        to request: ServerRequest, context: CallContext, next: @Sendable (ServerRequest, CallContext) async -> ServerResponse
    ) async -> ServerResponse
}

extension [APIRoute] {
    /// The same routes with middlewares around each: the first one is the outermost.
    public func with(_ middlewares: any ServerMiddleware...) -> [APIRoute] { map { $0.with(middlewares) } }
}

extension APIRoute {
    fileprivate func with(_ middlewares: [any ServerMiddleware]) -> APIRoute {
        let respond = middlewares.reversed().reduce(self.respond) { next, middleware in
            { request, context in await middleware.respond(to: request, context: context, next: next) }
        }
        return APIRoute(method: method, path: path, operationID: operationID, produces: produces, respond: respond)
    }
}
