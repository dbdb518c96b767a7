import CodegenModel

extension Rule {
    static let pathTemplate = Rule(
        "path-template", "A path begins with `/`, and a placeholder is a whole segment of it.",
        explanation: """
            Requests are routed segment by segment: `/files/{name}` has a placeholder, `/files/{name}.json` and `/files/{from}-{to}` do not have
            one that a router can tell apart from others. Make it a segment of its own, or a query parameter.
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
                    .pathTemplate, "a placeholder must be a whole segment of the path", at: item.position,
                    help: "put a `/` on both sides of `{…}`, or use a query parameter"
                )
            }
            if let other = seen.updateValue(item.path, forKey: PathTemplate.shape(of: item.path)) {
                diagnostics.report(.pathUnique, "the path matches the same requests as `\(other)`", at: item.position)
            }
        }
    }
}
