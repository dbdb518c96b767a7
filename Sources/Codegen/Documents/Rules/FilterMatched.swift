import CodegenModel

extension Rule {
    static let filterUnmatched = Rule(
        "filter-unmatched", "A filter, and `streaming`, name what the documents have.", severity: .warning,
        help: "correct the name, or remove it",
        explanation: """
            A misspelt name in `filter` would leave operations out, or in, without anybody noticing; one in `streaming` bodies in memory.
            """
    )
}

/// Looks for names in a filter that no document has.
enum FilterMatched {
    static func check(_ filter: OperationFilter, _ context: ReadContext) {
        guard !filter.isEmpty, !context.subjects.isEmpty else { return }
        let position = filter.position ?? SourcePosition(file: context.subjects[0].file, line: 1, column: 1)
        let names = Set(context.subjects.map(\.name))
        let tags = Set(context.subjects.flatMap(\.tags))
        for selection in [filter.include, filter.exclude] {
            for name in selection.operations where !names.contains(name) { report("operation", name, names, position, context) }
            for tag in selection.tags where !tags.contains(tag) { report("tag", tag, tags, position, context) }
            let paths = context.subjects.flatMap(\.paths)
            for path in selection.paths where !paths.contains(where: { OperationFilter.Selection.matches($0, path) }) {
                report("path", path, [], position, context)
            }
        }
    }

    private static func report(_ kind: String, _ name: String, _ known: Set<String>, _ position: SourcePosition, _ context: ReadContext) {
        context.diagnostics.report(
            .filterUnmatched, "the filter names the \(kind) `\(name)`, which no document has", at: position,
            help: NearName.of(name, among: known.sorted()).map { "did you mean `\($0)`?" }
        )
    }
}
