internal import HTTPTypes

extension ServerCall {
    /// Every text that the request gives for a parameter, in order.
    static func parameterTexts(
        _ name: String, in location: ParameterLocation, of request: ServerRequest, query: [String: [String]]
    ) -> [String] {
        switch location {
        case .path: return request.pathParameters[name].map { [$0] } ?? []
        case .query: return query[name] ?? []
        case .header: return HTTPField.Name(name).map { request.head.headerFields[values: $0] } ?? []
        case .cookie: return request.head.headerFields[values: .cookie].flatMap { cookies(in: $0, named: name) }
        }
    }

    /// The elements of a comma-separated list (RFC 9110 §5.6.1), empty ones left out.
    static func listElements(_ text: String) -> [String] {
        text.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
    }

    /// Values of the cookies of that name in a `Cookie` field (RFC 6265 §4.2.1).
    private static func cookies(in field: String, named name: String) -> [String] {
        field.split(separator: ";").compactMap { pair in
            guard let equals = pair.firstIndex(of: "="), trimmed(pair[..<equals]) == name else { return nil }
            let value = trimmed(pair[pair.index(after: equals)...])
            return value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"") ? String(value.dropFirst().dropLast()) : value
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = text.drop(while: isSpace)
        guard let end = start.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(start[...end])
    }
}
