extension ReferenceResolver {
    /// What a discriminator's mapping leads to: a reference, or the bare name of a component of the same document (OpenAPI 3.1, section
    /// 4.8.25); nil, without a diagnostic, for a name that is none.
    func mappingTarget(_ value: DocumentNode) -> Target? {
        guard let text = value.string else { return nil }
        if !text.contains("/"), !text.contains("#"), let component = component(named: text, from: value) {
            return Target(node: component, pointer: JSONPointer(tokens: ["components", "schemas", text]))
        }
        guard text.contains("/") || text.contains("#") || text.contains(".") else { return nil }
        return target(of: value).flatMap { resolve($0.node) }
    }
}

extension ReferenceResolver.Target {
    /// What the target is called: the component's key, the file's name for a whole file, the words on the way for something within.
    var componentName: String? {
        let keywords: Set<String> = ["components", "schemas", "properties", "items", "$defs", "definitions", "payload", "schema"]
        let words = pointer.tokens.filter { !keywords.contains($0) }
        return words.isEmpty ? Path.stem(of: node.realPath) : words.joined(separator: " ")
    }
}
