internal import HTTPTypes

/// The routes by the segments of their paths. A literal segment beats a parameter; where that leads nowhere the parameter is tried.
struct RouteTree: Sendable {
    struct Endpoint<Route: Sendable>: Sendable {
        var route: Route
        /// Names of the path's parameters, in order.
        var names: [String]

        func parameters(_ values: [String]) -> [String: String] {
            Dictionary(zip(names, values)) { first, _ in first }
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

    /// A segment with one parameter in it, such as `{id}` or `{name}.json`.
    fileprivate struct ParameterEdge: Sendable {
        var prefix: String
        var suffix: String
        var node: Node

        func value(in segment: String) -> String? {
            guard segment.utf8.count > prefix.utf8.count + suffix.utf8.count, segment.hasPrefix(prefix), segment.hasSuffix(suffix)
            else { return nil }
            return String(segment.dropFirst(prefix.count).dropLast(suffix.count))
        }
    }

    private var root = Node()

    /// Of two routes of the same method and path the first one stays.
    mutating func insert(_ route: APIRoute) {
        Self.insert(Self.segments(route.path.description)[...], names: [], into: &root) { node, names in
            if node.operations[route.method] == nil { node.operations[route.method] = Endpoint(route: route, names: names) }
        }
    }

    mutating func insert(_ route: WebSocketRoute) {
        Self.insert(Self.segments(route.path.description)[...], names: [], into: &root) { node, names in
            if node.channel == nil { node.channel = Endpoint(route: route, names: names) }
        }
    }

    private static func insert(
        _ segments: ArraySlice<Substring>, names: [String], into node: inout Node, _ set: (inout Node, [String]) -> Void
    ) {
        guard let segment = segments.first else { return set(&node, names) }
        let rest = segments.dropFirst()
        guard let open = segment.firstIndex(of: "{"), let close = segment.lastIndex(of: "}"), open < close else {
            insert(rest, names: names, into: &node.literals[String(segment), default: Node()], set)
            return
        }
        let names = names + [String(segment[segment.index(after: open)..<close])]
        let prefix = String(segment[..<open])
        let suffix = String(segment[segment.index(after: close)...])
        if let index = node.parameters.firstIndex(where: { $0.prefix == prefix && $0.suffix == suffix }) {
            insert(rest, names: names, into: &node.parameters[index].node, set)
        } else {
            var edge = ParameterEdge(prefix: prefix, suffix: suffix, node: Node())
            insert(rest, names: names, into: &edge.node, set)
            node.parameters.append(edge)
            // The more is fixed, the earlier it is tried.
            node.parameters.sort { $0.prefix.count + $0.suffix.count > $1.prefix.count + $1.suffix.count }
        }
    }

    /// The node at a path of decoded segments, and the parameters' values in order.
    func find(_ segments: [String]) -> (node: Node, values: [String])? { Self.find(segments[...], values: [], in: root) }

    private static func find(_ segments: ArraySlice<String>, values: [String], in node: Node) -> (node: Node, values: [String])? {
        guard let segment = segments.first else { return node.isEnd ? (node, values) : nil }
        let rest = segments.dropFirst()
        if let next = node.literals[segment], let found = find(rest, values: values, in: next) { return found }
        for edge in node.parameters {
            if let value = edge.value(in: segment), let found = find(rest, values: values + [value], in: edge.node) { return found }
        }
        return nil
    }

    /// The segments of a path that starts with a slash; a trailing slash gives an empty last segment, `/` none at all.
    static func segments(_ path: some StringProtocol) -> [Substring] {
        guard path != "/", !path.isEmpty else { return [] }
        return Substring(path.first == "/" ? path.dropFirst() : path[...]).split(separator: "/", omittingEmptySubsequences: false)
    }
}
