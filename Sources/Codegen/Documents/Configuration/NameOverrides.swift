public import CodegenModel

/// Swift names that the configuration chooses: `names` in codegen.yaml.
public struct NameOverrides: Sendable, Equatable {
    /// `operationId`, `operationId.parameter`, `Schema`, `Schema.property` or `Schema.value` of an enum → Swift identifier.
    public var names: [String: String]
    /// Where the configuration has them; nil when they were given otherwise.
    public var position: SourcePosition?

    public init(_ names: [String: String] = [:], position: SourcePosition? = nil) {
        self.names = names
        self.position = position
    }

    /// Whether the text is an identifier, fit to be written into source.
    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return (first == "_" || first.properties.isXIDStart) && text != "_" && text.unicodeScalars.allSatisfy(\.properties.isXIDContinue)
    }
}

extension ReadContext {
    /// The Swift name that the configuration has for `key`, else the one that the document has in `x-swift-name` of `node`.
    func chosenName(_ key: String?, _ node: DocumentNode?) -> String? {
        if let key, let name = names.names[key] {
            usedNames.insert(key)
            return name
        }
        guard let written = node?["x-swift-name"] else { return nil }
        guard let name = written.string, NameOverrides.isIdentifier(name) else {
            diagnostics.report(.nameUnusable, "`x-swift-name` must be a Swift identifier", at: written.position)
            return nil
        }
        return name
    }

    /// Reports names of the configuration that nothing in the documents has. Behind a filter much is never looked at.
    func checkNames() {
        guard filter.isEmpty, let position = names.position else { return }
        for key in names.names.keys.sorted() where !usedNames.contains(key) {
            diagnostics.report(.nameUnusable, "`names` has `\(key)`, which no document has", at: position, help: "correct or remove it")
        }
    }
}

extension Rule {
    static let nameUnusable = Rule(
        "name-unusable", "A chosen name is a Swift identifier, for something that is there.", severity: .warning,
        help: "write a Swift identifier",
        explanation: "`names` in codegen.yaml and `x-swift-name` in documents stand in place of names made from the document's own."
    )
}
