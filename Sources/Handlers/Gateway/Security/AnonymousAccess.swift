import APISupport
import HTTPTypes

/// Lets requests without a credential in, as one user that all of them share. The specification asks for a token everywhere; such a request is given
/// a pass in its place that nobody outside of the process can know.
struct AnonymousAccess: Sendable {
    static let principal = Principal(subject: "anonymous", scopes: ["api:read", "api:write"])

    private let pass: String

    init() {
        var generator = SystemRandomNumberGenerator()
        pass = (0..<4).map { _ in String(generator.next(), radix: 36) }.joined()
    }

    func isPass(_ token: String) -> Bool { token == pass }

    func admitting(_ route: APIRoute) -> APIRoute {
        APIRoute(method: route.method, path: route.path, operationID: route.operationID, produces: route.produces) { request, context in
            await route.respond(admitted(request), context)
        }
    }

    func admitting(_ route: WebSocketRoute) -> WebSocketRoute {
        WebSocketRoute(path: route.path, channelID: route.channelID) { request, context in
            await route.upgrade(admitted(request), context)
        }
    }

    /// A request that carries a credential, however bad, is not anonymous.
    private func admitted(_ request: ServerRequest) -> ServerRequest {
        guard request.head.headerFields[.authorization] == nil else { return request }
        var request = request
        request.head.headerFields[.authorization] = "Bearer \(pass)"
        return request
    }
}
