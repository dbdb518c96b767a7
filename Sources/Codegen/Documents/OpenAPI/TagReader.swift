import CodegenModel

/// Checks Tag Objects (OpenAPI 3.2, section 4.22): names are unique, parents exist and do not go round in a circle.
struct TagReader {
    let context: ReadContext

    func check(_ nodes: [DocumentNode]) {
        var parents: [String: DocumentNode] = [:]
        var names: Set<String> = []
        for node in nodes {
            guard let reader = context.reader(at: node, as: OpenAPIFields.tag), let name = reader.requiredString("name") else { continue }
            if !names.insert(name).inserted {
                report("the tag `\(name)` is declared twice", at: reader["name"]?.position ?? node.position, help: "remove one of the two")
            }
            if reader.string("parent") != nil, let parent = reader["parent"] { parents[name] = parent }
            _ = reader.string("kind")
        }
        let circular = circular(parents)
        let known = names.sorted()
        for (name, parent) in parents.sorted(by: { $0.key < $1.key }) {
            guard let parentName = parent.string else { continue }
            if !names.contains(parentName) {
                let help = NearName.of(parentName, among: known).map { "did you mean `\($0)`?" }
                report("there is no tag `\(parentName)`", at: parent.position, help: help ?? "declare it under `tags`")
            } else if circular.contains(name) {
                report("the tag `\(name)` is its own ancestor", at: parent.position, help: "remove one of the tags' `parent`")
            }
        }
    }

    /// The tags that are their own ancestors; every tag is looked at once.
    private func circular(_ parents: [String: DocumentNode]) -> Set<String> {
        var circular: Set<String> = []
        var seen: Set<String> = []
        for start in parents.keys.sorted() where !seen.contains(start) {
            var path: [String] = []
            var current: String? = start
            while let name = current, seen.insert(name).inserted {
                path.append(name)
                current = parents[name]?.string
            }
            if let current, let first = path.firstIndex(of: current) { circular.formUnion(path[first...]) }
        }
        return circular
    }

    private func report(_ message: String, at position: SourcePosition, help: String?) {
        context.diagnostics.report(.tagInvalid, message, at: position, help: help)
    }
}

extension Rule {
    static let tagInvalid = Rule(
        "tag-invalid", "Tags have names of their own, and parents that exist.",
        explanation: "The parents of tags make a tree (OpenAPI 3.2, section 4.22). A tag need not be declared before an operation uses it."
    )
}
