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

    /// A segment with parameters in it, such as `{id}`, `{name}.json` or `{from}-{to}`.
    fileprivate struct ParameterEdge: Sendable {
        /// What stands before, between and after the parameters: one more than there are of them.
        var literals: [String]
        var node: Node

        /// The parameters' values: each one ends where what follows it first occurs, and none is empty.
        func values(in segment: String) -> [String]? {
            guard let prefix = literals.first, let suffix = literals.last, segment.hasPrefix(prefix),
                segment.utf8.count > literals.reduce(0, { $0 + $1.utf8.count })
            else { return nil }
            var rest = segment[segment.index(segment.startIndex, offsetBy: prefix.count)...]
            guard rest.hasSuffix(suffix) else { return nil }
            rest = rest.dropLast(suffix.count)
            var values: [String] = []
            for literal in literals.dropFirst().dropLast() {
                guard !rest.isEmpty, let range = rest.dropFirst().firstRange(of: literal) else { return nil }
                values.append(String(rest[..<range.lowerBound]))
                rest = rest[range.upperBound...]
            }
            guard !rest.isEmpty else { return nil }
            return values + [String(rest)]
        }

        /// How much of it is fixed.
        var weight: Int { literals.reduce(0) { $0 + $1.count } }
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
        let (literals, parameters) = Self.parts(of: segment)
        guard !parameters.isEmpty else {
            insert(rest, names: names, into: &node.literals[String(segment), default: Node()], set)
            return
        }
        if let index = node.parameters.firstIndex(where: { $0.literals == literals }) {
            insert(rest, names: names + parameters, into: &node.parameters[index].node, set)
        } else {
            var edge = ParameterEdge(literals: literals, node: Node())
            insert(rest, names: names + parameters, into: &edge.node, set)
            node.parameters.append(edge)
            // The more is fixed, the earlier it is tried.
            node.parameters.sort { $0.weight > $1.weight }
        }
    }

    /// What is fixed of a template's segment, and the names of the parameters between.
    static func parts(of segment: Substring) -> (literals: [String], parameters: [String]) {
        var literals: [String] = []
        var parameters: [String] = []
        var rest = segment
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            literals.append(String(rest[..<open]))
            parameters.append(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        return (literals + [String(rest)], parameters)
    }

    /// The node at a path of decoded segments, and the parameters' values in order.
    func find(_ segments: [String]) -> (node: Node, values: [String])? { Self.find(segments[...], values: [], in: root) }

    private static func find(_ segments: ArraySlice<String>, values: [String], in node: Node) -> (node: Node, values: [String])? {
        guard let segment = segments.first else { return node.isEnd ? (node, values) : nil }
        let rest = segments.dropFirst()
        if let next = node.literals[segment], let found = find(rest, values: values, in: next) { return found }
        for edge in node.parameters {
            if let own = edge.values(in: segment), let found = find(rest, values: values + own, in: edge.node) { return found }
        }
        return nil
    }

    /// The segments of a path that starts with a slash; a trailing slash gives an empty last segment, `/` none at all.
    static func segments(_ path: some StringProtocol) -> [Substring] {
        guard path != "/", !path.isEmpty else { return [] }
        return Substring(path.first == "/" ? path.dropFirst() : path[...]).split(separator: "/", omittingEmptySubsequences: false)
    }
}
