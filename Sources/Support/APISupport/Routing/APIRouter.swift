internal import HTTPTypes
public import Logging

/// Finds the operation or channel that a request is for. What there is not is answered with problem details: 404, 405 with `Allow`, 426.
///
/// Every answer carries `X-Request-ID`: the request's own when it is sane, else a new one.
public struct APIRouter: Sendable {
    private var tree: RouteTree
    private let unroutedMetrics = UnroutedMetrics()
    private let logger: Logger

    /// Of two routes of the same method and path the first one counts.
    public init(routes: [APIRoute], webSockets: [WebSocketRoute] = [], logger: Logger = Logger(label: "codelab.http")) {
        var tree = RouteTree()
        for route in routes { tree.insert(route) }
        for route in webSockets { tree.insert(route) }
        self.tree = tree
        self.logger = logger
    }

    /// The same, and further routes; where it has a route already, that one counts.
    public func adding(_ routes: [APIRoute]) -> APIRouter {
        var router = self
        for route in routes { router.tree.insert(route) }
        return router
    }

    /// The same with a middleware around every operation, made for each. Channels are not operations.
    public func with(_ middleware: (APIRoute) -> any ServerMiddleware) -> APIRouter {
        var router = self
        router.tree.replaceRoutes { route in [route].with(middleware(route))[0] }
        return router
    }

    /// The answer to a request: of its operation, or why there is none. A `HEAD` request is answered as `GET`, without the body.
    public nonisolated(nonsending) func respond(to request: ServerRequest) async -> ServerResponse {
        let requestID = RequestID.of(request)
        var response: ServerResponse
        do throws(RequestFailure) {
            let (node, values) = try find(request)
            response = await respond(to: request, at: node, values, requestID)
        } catch {
            response = unrouted(.problem(Problem(error, requestID: requestID), headerFields: error.headerFields), to: request)
        }
        response.head.headerFields[RequestID.fieldName] = requestID
        return response
    }

    /// The decision about a request for a WebSocket connection.
    public func upgrade(for request: ServerRequest) async -> WebSocketUpgrade {
        let requestID = RequestID.of(request)
        var rejection: ServerResponse
        do throws(RequestFailure) {
            let (node, values) = try find(request)
            guard let channel = node.channel else {
                throw RequestFailure(.notFound, detail: "There is no WebSocket at this path.")
            }
            var request = request
            request.pathValues = channel.parameters(values)
            let context = context(request, channel.route.channelID, requestID)
            let measurement = channel.metrics.begin()
            switch await channel.route.upgrade(request, context) {
            case .accept(let run):
                measurement.end(status: 101)
                context.logger.debug("connected")
                return .accept(run: channel.metrics.counting(run))
            case .reject(let response):
                rejection = response
                measurement.end(with: &rejection)
            }
        } catch {
            rejection = unrouted(.problem(Problem(error, requestID: requestID), headerFields: error.headerFields), to: request)
        }
        rejection.head.headerFields[RequestID.fieldName] = requestID
        return .reject(rejection)
    }

    private func find(_ request: ServerRequest) throws(RequestFailure) -> (node: RouteTree.Node, values: [Substring]) {
        if let node = request.head.path.flatMap(tree.node(atFixed:)) { return (node, []) }
        let path = request.path
        let segments = RouteTree.segments(path)
        let hasEncodings = path.utf8.contains(UInt8(ascii: "%"))
        for segment in segments where hasEncodings && PercentEncoding.decodeSegment(segment) == nil {
            throw RequestFailure(.invalid, detail: "The path is not well-formed percent-encoded UTF-8.")
        }
        guard let found = tree.find(segments) else { throw RequestFailure(.notFound, detail: "There is nothing at this path.") }
        return found
    }

    private nonisolated(nonsending) func respond(
        to request: ServerRequest, at node: RouteTree.Node, _ values: [Substring], _ requestID: String
    ) async -> ServerResponse {
        let method = request.head.method
        if let endpoint = node.operations[method] {
            return await respond(to: request, with: endpoint, values, requestID)
        }
        if method == .head, let endpoint = node.operations[.get] {
            return withoutBody(await respond(to: request, with: endpoint, values, requestID))
        }
        guard !node.operations.isEmpty else {
            let failure = RequestFailure(.upgradeRequired, detail: "This path is a WebSocket.")
            return unrouted(
                .problem(Problem(failure, requestID: requestID), headerFields: [.upgrade: "websocket", .connection: "Upgrade"]),
                to: request)
        }
        let allow = allowedMethods(at: node)
        if method == .options {
            var response = ServerResponse.empty(204)
            response.head.headerFields[.allow] = allow
            return unrouted(response, to: request)
        }
        let failure = RequestFailure(.methodNotAllowed, detail: "Allowed here: \(allow).")
        return unrouted(.problem(Problem(failure, requestID: requestID), headerFields: [.allow: allow]), to: request)
    }

    /// The answer to a request that no operation is for, measured.
    private func unrouted(_ response: ServerResponse, to request: ServerRequest) -> ServerResponse {
        unroutedMetrics[request.head.method].begin().end(status: response.head.status.code)
        return response
    }

    private nonisolated(nonsending) func respond(
        to request: ServerRequest, with endpoint: RouteTree.Endpoint<APIRoute>, _ values: [Substring], _ requestID: String
    ) async -> ServerResponse {
        let measurement = endpoint.metrics.begin()
        var response = await answer(to: request, with: endpoint, values, requestID)
        measurement.end(with: &response)
        return response
    }

    private nonisolated(nonsending) func answer(
        to request: ServerRequest, with endpoint: RouteTree.Endpoint<APIRoute>, _ values: [Substring], _ requestID: String
    ) async -> ServerResponse {
        var request = request
        request.pathValues = endpoint.parameters(values)
        var context = context(request, endpoint.route.operationID, requestID)
        do throws(RequestFailure) {
            context.preferredMediaType = try preferredMediaType(request, of: endpoint.route)
        } catch {
            return .problem(Problem(error, requestID: requestID))
        }
        guard logger.logLevel <= .debug else { return await endpoint.route.respond(request, context) }
        let start = ContinuousClock.now
        let response = await endpoint.route.respond(request, context)
        context.logger.debug(
            "answered",
            metadata: [
                "method": "\(request.head.method)", "status": "\(response.head.status.code)", "duration": "\(ContinuousClock.now - start)",
            ])
        return response
    }

    /// Throws `notAcceptable` when the request accepts none of the operation's media types.
    private func preferredMediaType(_ request: ServerRequest, of route: APIRoute) throws(RequestFailure) -> String? {
        guard let first = route.produces.first else { return nil }
        guard let accept = request.head.headerFields.value(of: .accept), accept != "*/*" else { return first.description }
        if let preferred = Acceptance(accept).preferred(route.produces) { return preferred.description }
        let declared = route.produces.map(\.description).joined(separator: ", ")
        throw RequestFailure(.notAcceptable, detail: "The answer can be \(declared).")
    }

    private func context(_ request: ServerRequest, _ operationID: String, _ requestID: String) -> CallContext {
        CallContext(requestID: requestID, operationID: operationID, logger: logger, request: request)
    }

    private func allowedMethods(at node: RouteTree.Node) -> String {
        var methods = Set(node.operations.keys.map(\.rawValue))
        if methods.contains("GET") { methods.insert("HEAD") }
        methods.insert("OPTIONS")
        return methods.sorted().joined(separator: ", ")
    }

    /// The length that the body would have is kept (RFC 9110 §9.3.2).
    private func withoutBody(_ response: ServerResponse) -> ServerResponse {
        var response = response
        if case .bytes(let bytes) = response.body { response.head.headerFields[.contentLength] = String(bytes.count) }
        response.body = .none
        return response
    }
}
