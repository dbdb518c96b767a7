/// A runtime expression (OpenAPI 3.1, section 4.8.20.4): what of a request or a response is meant.
enum RuntimeExpression: Equatable {
    enum Source: Equatable {
        case header(String)
        case query(String)
        case path(String)
        /// RFC 6901; nil for the whole body.
        case body(JSONPointer?)
    }

    case url
    case method
    case statusCode
    case request(Source)
    case response(Source)

    /// - Returns: nil when the text is no expression.
    init?(_ text: String) {
        switch text {
        case "$url": self = .url
        case "$method": self = .method
        case "$statusCode": self = .statusCode
        default:
            let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2, let source = Self.source(parts[1]) else { return nil }
            switch parts[0] {
            case "$request": self = .request(source)
            case "$response": self = .response(source)
            default: return nil
            }
        }
    }

    private static func source(_ text: String) -> Source? {
        if text == "body" { return .body(nil) }
        if text.hasPrefix("body#") { return JSONPointer(fragment: String(text.dropFirst(5))).map { .body($0) } }
        guard let dot = text.firstIndex(of: ".") else { return nil }
        let name = String(text[text.index(after: dot)...])
        guard !name.isEmpty else { return nil }
        switch text[..<dot] {
        case "header": return HTTPToken.isValid(name) ? .header(name) : nil
        case "query": return .query(name)
        case "path": return .path(name)
        default: return nil
        }
    }

    /// A part of a text in which expressions stand in braces.
    enum Part: Equatable {
        case text(String)
        case expression(RuntimeExpression)
    }

    /// Splits `http://host/{$request.query.id}`; a text that begins with `$` is one expression.
    /// - Returns: nil when a part in braces is no expression.
    static func parts(of text: String) -> [Part]? {
        if text.hasPrefix("$") { return RuntimeExpression(text).map { [.expression($0)] } }
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}"),
                let expression = RuntimeExpression(String(rest[rest.index(after: open)..<close]))
            else { return nil }
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            parts.append(.expression(expression))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty || parts.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }
}
