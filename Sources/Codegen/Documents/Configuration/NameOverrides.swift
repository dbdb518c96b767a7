/// Swift names that the configuration chooses: `names` in codegen.yaml.
public struct NameOverrides: Sendable, Equatable {
    /// `operationId`, `Schema`, or `Schema.property` → Swift identifier.
    public var names: [String: String]

    public init(_ names: [String: String] = [:]) { self.names = names }

    /// The name of an operation; `written` is its `x-swift-name`.
    func operation(_ id: String, written: String?) -> String? { names[id] ?? written }

    /// The name of a schema's type.
    func type(_ schema: String, written: String?) -> String? { names[schema] ?? written }

    /// The name of a property, by the name of the schema that it is in.
    func property(_ name: String, of schema: String?, written: String?) -> String? {
        schema.flatMap { names["\($0).\(name)"] } ?? written
    }

    /// Whether the text is an identifier, fit to be written into source.
    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return (first == "_" || first.properties.isXIDStart) && text != "_" && text.unicodeScalars.allSatisfy(\.properties.isXIDContinue)
    }
}
