public import CodegenModel

/// The declared types of a service, by name, with aliases followed.
public struct SchemaIndex: Sendable {
    private let declarations: [String: TypeDeclaration]

    /// - Parameter service: The model of the API's documents.
    public init(_ service: Service) {
        declarations = Dictionary(service.types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The declaration behind a name; nil for a name that the document does not declare.
    public func declaration(_ name: String) -> TypeDeclaration? { declarations[name] }

    /// The use with aliases replaced by what they stand for; nullability and constraints of the place are kept.
    ///
    /// A chain of aliases that leads back to itself ends where it began.
    public func resolved(_ use: TypeUse) -> TypeUse {
        var use = use
        var visited: Set<String> = []
        while case .named(let name) = use.base, visited.insert(name).inserted, case .alias(let target) = declarations[name]?.kind {
            use = TypeUse(
                target.base, isNullable: use.isNullable || target.isNullable,
                constraints: use.constraints.isEmpty ? target.constraints : use.constraints)
        }
        return use
    }
}
