internal import HTTPTypes

/// The routes by the segments of their paths. A literal segment beats a parameter; where that leads nowhere the parameter is tried.
struct RouteTree: Sendable {
    struct Endpoint<Route: Sendable>: Sendable {
        var route: Route
        /// Names of the path's parameters, in order.
        var names: [String]
        let metrics: RouteMetrics

        func parameters(_ values: [Substring]) -> [PathValue] {
            zip(names, values).map { PathValue(name: $0, text: $1) }
        }
    }

    /// What is found at a path.
    struct Node: Sendable {
        var operations: [HTTPRequest.Method: Endpoint<APIRoute>] = [:]
        var channel: Endpoint<WebSocketRoute>?
        fileprivate var literals: [String: Node] = [:]
        fileprivate var parameters: [ParameterEdge] = []

        fileprivate var isEnd: Bool { !operations.isEmpty || channel != nil }
    }

    /// A segment with parameters in it, such as `{id}`, `{name}.json` or `{from}..{to}`.
    fileprivate struct ParameterEdge: Sendable {
        var pattern: SegmentPattern
        var node: Node
    }

    private var root = Node()
    /// The nodes of paths without parameters, by path.
    private var fixed: [String: Node] = [:]

    /// Of two routes of the same method and path the first one stays.
    mutating func insert(_ route: APIRoute) {
        Self.insert(Self.segments(route.path.description[...])[...], names: [], into: &root) { node, names in
            if node.operations[route.method] == nil {
                node.operations[route.method] =
                    Endpoint(route: route, names: names, metrics: RouteMetrics(method: route.method.rawValue, route: route.path))
            }
        }
        remember(route.path)
    }

    mutating func insert(_ route: WebSocketRoute) {
        Self.insert(Self.segments(route.path.description[...])[...], names: [], into: &root) { node, names in
            if node.channel == nil {
                node.channel = Endpoint(
                    route: route, names: names, metrics: RouteMetrics(method: "GET", route: route.path.description))
            }
        }
        remember(route.path.description)
    }

    /// Replaces every operation's route.
    mutating func replaceRoutes(_ replacement: (APIRoute) -> APIRoute) {
        root.replaceRoutes(replacement)
        for path in fixed.keys { remember(path) }
    }

    private static func insert(
        _ segments: ArraySlice<Substring>, names: [String], into node: inout Node, _ set: (inout Node, [String]) -> Void
    ) {
        guard let segment = segments.first else { return set(&node, names) }
        let rest = segments.dropFirst()
        guard let pattern = SegmentPattern(segment) else {
            insert(rest, names: names, into: &node.literals[String(segment), default: Node()], set)
            return
        }
        let names = names + pattern.names
        if let index = node.parameters.firstIndex(where: { $0.pattern.literals == pattern.literals }) {
            insert(rest, names: names, into: &node.parameters[index].node, set)
        } else {
            var edge = ParameterEdge(pattern: pattern, node: Node())
            insert(rest, names: names, into: &edge.node, set)
            node.parameters.append(edge)
            // The more is fixed, the earlier it is tried.
            node.parameters.sort { $0.pattern.literalLength > $1.pattern.literalLength }
        }
    }

    private mutating func remember(_ path: String) {
        let isFixed = path.hasPrefix("/") && !path.utf8.contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "%") }
        if isFixed { fixed[path] = find(Self.segments(path[...]))?.node }
    }

    /// The node of a path without parameters, when the request's target is that path and nothing else: the common case, in one step.
    func node(atFixed path: String) -> Node? { fixed[path] }

    /// The node at a path's segments, as they came, and the parameters' values in order, still encoded.
    func find(_ segments: [Substring]) -> (node: Node, values: [Substring])? { Self.find(segments[...], values: [], in: root) }

    private static func find(
        _ segments: ArraySlice<Substring>, values: [Substring], in node: Node
    ) -> (node: Node, values: [Substring])? {
        guard let segment = segments.first else { return node.isEnd ? (node, values) : nil }
        let rest = segments.dropFirst()
        if !node.literals.isEmpty, let literal = PercentEncoding.decodeSegment(segment), let next = node.literals[literal],
            let found = find(rest, values: values, in: next)
        {
            return found
        }
        for edge in node.parameters {
            if let own = edge.pattern.values(in: segment), let found = find(rest, values: values + own, in: edge.node) { return found }
        }
        return nil
    }

    /// The segments of a path that starts with a slash; a trailing slash gives an empty last segment, `/` none at all.
    static func segments(_ path: Substring) -> [Substring] {
        guard path != "/", !path.isEmpty else { return [] }
        let slash = UInt8(ascii: "/")
        let relative = path.utf8.first == slash ? path.utf8.dropFirst() : path.utf8
        return relative.split(separator: slash, omittingEmptySubsequences: false).map { Substring($0) }
    }
}

extension RouteTree.Node {
    fileprivate mutating func replaceRoutes(_ replacement: (APIRoute) -> APIRoute) {
        for (method, endpoint) in operations { operations[method]?.route = replacement(endpoint.route) }
        for segment in literals.keys { literals[segment]?.replaceRoutes(replacement) }
        for index in parameters.indices { parameters[index].node.replaceRoutes(replacement) }
    }
}
