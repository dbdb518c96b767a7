import CodegenModel

extension Rule {
    static let pathTemplate = Rule(
        "path-template", "A path begins with `/`, and its placeholders can be told apart.",
        explanation: """
            Requests are routed segment by segment. A placeholder is a segment or a part of one, such as `/files/{name}.json` and
            `/files/{from}-{to}`; braces are closed in the segment in which they are opened, and something fixed stands between two of them.
            """
    )
    static let pathUnique = Rule(
        "path-unique", "No two paths match the same requests.",
        explanation: """
            `/users/{id}` and `/users/{name}` differ in the names of their placeholders only; which of them answers a request would be chance
            (OpenAPI 3.1, section 4.8.8.2). Merge the two, or give one a fixed segment.
            """
    )
}

struct PathUnique: DocumentRule {
    func check(_ document: OpenAPIDocument, _ diagnostics: DiagnosticCollector) {
        var seen: [String: String] = [:]
        for item in document.pathItems {
            if !PathTemplate.isWellFormed(item.path) {
                diagnostics.report(
                    .pathTemplate, "the path's placeholders cannot be told apart", at: item.position,
                    help: "close each `{` in its segment, and put a character between two placeholders"
                )
            }
            if let other = seen.updateValue(item.path, forKey: PathTemplate.shape(of: item.path)) {
                diagnostics.report(.pathUnique, "the path matches the same requests as `\(other)`", at: item.position)
            }
        }
    }
}
