import CodegenModel

/// Makes the model's types from schemas: one declaration for each object, string enum and union, everything else inline where it is used.
///
/// A schema node gives the same type however often it is reached. What has no name of its own gets one from the place where it is met
/// first; since documents are walked in order, the names depend on the documents alone.
final class TypeModeler {
    let context: ReadContext
    let finder: DiscriminatorFinder
    let jsonTypes: JSONTypeFinder
    let options: ServiceReader.Options
    private var scope = NameScope()
    private var componentNames: [ObjectIdentifier: String] = [:]
    private var uses: [ObjectIdentifier: TypeUse] = [:]
    /// Schemas without a type of their own that are being modelled now: meeting one again is a cycle.
    private var open: Set<ObjectIdentifier> = []
    /// Named types whose parts are still to be modelled. A list, not a recursion: types may refer to each other in a chain of any length.
    private var pending: [PendingType] = []
    private var isDraining = false
    private static let deepest = 64
    /// Alternatives within alternatives multiply; no document that people write comes near.
    private static let mostTypes = 50_000
    private(set) var declarations: [String: TypeDeclaration] = [:]
    /// Defaults of properties, to be made when all types are known.
    var openDefaults: [OpenDefault] = []

    var diagnostics: DiagnosticCollector { context.diagnostics }

    init(context: ReadContext, options: ServiceReader.Options) {
        self.context = context
        self.options = options
        finder = DiscriminatorFinder(context: context)
        jsonTypes = JSONTypeFinder(context: context)
    }

    private struct PendingType {
        let shape: SchemaShape
        let name: String
        let subject: DiagnosticCollector.Subject?
    }

    /// The keys of components, which the configuration and diagnostics call them by.
    private(set) var componentKeys: [ObjectIdentifier: String] = [:]

    // MARK: Components

    /// Gives the schemas of a document's `components` their names. Called for every document before any type is made, so that no
    /// hoisted type takes a component's name.
    func reserve(_ components: [DocumentNode.Member], known: inout [String: DocumentNode.Member]) {
        context.shapes.noteInheritance(components)
        for member in components {
            if let external = options.types[member.key] {
                uses[member.value.id] = TypeUse(.external(external))
                continue
            }
            if let other = known[member.key] {
                if SchemaEquality(references: context.references).holds(other.value, member.value) {
                    // One schema written in two documents is one type.
                    componentNames[member.value.id] = componentNames[other.value.id]
                    shared[member.value.id] = other.value
                    continue
                }
                diagnostics.report(
                    .typeNameCollision, "another document has a different schema named `\(member.key)`; this one's type gets a number",
                    at: member.keyPosition
                )
            } else {
                known[member.key] = member
            }
            componentKeys[member.value.id] = member.key
            let chosen = context.chosenName(member.key, member.value)
            componentNames[member.value.id] = scope.claim(chosen.map(Namer.escaped) ?? Namer.type(member.key))
        }
    }

    /// A component that repeats one of another document, and that one.
    private var shared: [ObjectIdentifier: DocumentNode] = [:]

    /// Makes the types of a document's components, used or not.
    func declare(_ components: [DocumentNode.Member]) {
        for member in components where options.types[member.key] == nil && shared[member.value.id] == nil {
            let use = use(of: member.value, hint: member.key)
            // A type of its own is declared by now.
            guard let name = componentNames[member.value.id], declarations[name] == nil else { continue }
            let schema = context.schemas.schema(at: member.value)
            declare(
                TypeDeclaration(
                    name: name, description: schema.description, kind: .alias(use), isDeprecated: schema.isDeprecated,
                    position: member.keyPosition
                ))
        }
    }

    // MARK: Uses

    /// The use of the schema at `node`.
    /// - Parameter hint: In words of the document, what a type is called that has no name yet.
    func use(of node: DocumentNode, hint: String) -> TypeUse {
        let use = directUse(of: node, hint: hint)
        drain()
        return use
    }

    private func drain() {
        guard !isDraining, open.isEmpty else { return }
        isDraining = true
        defer { isDraining = false }
        var next = 0
        while next < pending.count {
            declareType(pending[next])
            next += 1
        }
        pending = []
    }

    private func directUse(of node: DocumentNode, hint: String) -> TypeUse {
        if let use = uses[node.id] { return use }
        if let original = shared[node.id] { return directUse(of: original, hint: hint) }
        if let key = componentKeys[node.id] { diagnostics.begin(.schema(key)) }
        defer { if componentKeys[node.id] != nil { diagnostics.end() } }
        let shape = context.shapes.shape(of: node)
        if shape.isDeclared {
            let name = componentNames[node.id] ?? scope.claim(Namer.type(hint))
            let use = TypeUse(.named(name), isNullable: shape.isNullable)
            uses[node.id] = use
            guard declarations.count + pending.count < Self.mostTypes else {
                diagnostics.report(.documentTooLarge, "the document makes more than \(Self.mostTypes) types", at: node.position)
                return use
            }
            let type = PendingType(shape: shape, name: name, subject: diagnostics.subject)
            // An enum has no parts; its cases are needed for defaults at once.
            switch shape.kind {
            case .stringEnum, .integerEnum: declareType(type)
            default: pending.append(type)
            }
            return use
        }
        guard open.insert(node.id).inserted else {
            diagnostics.report(.recursiveType, "the schema consists of itself", at: node.position)
            return TypeUse(.any)
        }
        defer { open.remove(node.id) }
        guard open.count <= Self.deepest else {
            diagnostics.report(.documentTooLarge, "the schema is nested more than \(Self.deepest) levels deep", at: node.position)
            return TypeUse(.any)
        }
        let use = inlineUse(shape, hint: hint)
        uses[node.id] = use
        return use
    }

    private func inlineUse(_ shape: SchemaShape, hint: String) -> TypeUse {
        let schema = shape.schema
        var use: TypeUse
        switch shape.kind {
        case .wrapper(let inner):
            use = self.use(of: inner, hint: hint)
        case .reference(let target):
            let name = target.componentName
            if let name, let external = options.types[name] {
                use = TypeUse(.external(external))
            } else {
                use = self.use(of: target.node, hint: name ?? hint)
            }
        case .array:
            let element = schema.itemsOfAll.map { self.use(of: $0, hint: hint + " item") } ?? TypeUse(.any)
            use = TypeUse(.array(element), constraints: schema.constraints.ofArrays)
        case .map:
            let value = patternedUse(schema, hint: hint) ?? additionalUse(schema, hint: hint)
            use = TypeUse(.map(value), constraints: schema.constraints.ofObjects)
        case .anyObject: use = TypeUse(.anyObject, constraints: schema.constraints.ofObjects)
        case .any: use = TypeUse(.any, constraints: Constraints(allowed: allowedValues(schema)))
        case .scalar(let type): use = scalarUse(type, schema: schema)
        case .object, .tuple, .stringEnum, .integerEnum, .union: use = TypeUse(.any)
        }
        use.isNullable = use.isNullable || shape.isNullable
        let written = context.schemas.schema(at: schema.node)
        switch shape.kind {
        case .wrapper, .reference: use.assertions += assertions(of: written)
        default: use.assertions += assertionsOfParts(of: written)
        }
        use.assertions += assertions(of: shape.demands)
        return use
    }

    private func additionalUse(_ schema: Schema, hint: String) -> TypeUse {
        schema.additionalProperties.map { use(of: $0, hint: hint + " value") } ?? TypeUse(.any)
    }

    // MARK: Declarations

    private func declareType(_ type: PendingType) {
        if let subject = type.subject { diagnostics.begin(subject) }
        defer { if type.subject != nil { diagnostics.end() } }
        let (shape, name) = (type.shape, type.name)
        let declared: TypeDeclaration.Kind
        switch shape.kind {
        case .stringEnum(let values, let isOpen): declared = .stringEnum(stringEnum(values, isOpen: isOpen, schema: shape.schema))
        case .integerEnum(let values, let isOpen): declared = .integerEnum(integerEnum(values, isOpen: isOpen, schema: shape.schema))
        case .union(let union): declared = .union(unionType(union, name: name))
        case .tuple: declared = .object(tupleType(shape.schema, name: name))
        default: declared = .object(objectType(shape.schema, name: name))
        }
        declare(
            TypeDeclaration(
                name: name, description: shape.schema.description, kind: declared, isDeprecated: shape.schema.isDeprecated,
                assertions: assertionsOfParts(of: context.schemas.schema(at: shape.schema.node)) + assertions(of: shape.demands),
                position: shape.schema.position
            ))
    }

    func declare(_ declaration: TypeDeclaration) { declarations[declaration.name] = declaration }

    /// The name of the component at `node`.
    func componentName(of node: DocumentNode) -> String? { componentNames[node.id] }

    /// Whether the use is of an enum.
    func isEnum(_ use: TypeUse) -> Bool {
        guard case .named(let name) = use.base else { return false }
        switch declarations[name]?.kind {
        case .stringEnum?, .integerEnum?: return true
        default: return false
        }
    }
}

extension Constraints {
    var ofStrings: Constraints { Constraints(minLength: minLength, maxLength: maxLength, pattern: pattern) }
    var ofArrays: Constraints { Constraints(minItems: minItems, maxItems: maxItems, uniqueItems: uniqueItems) }
    var ofObjects: Constraints { Constraints(minProperties: minProperties, maxProperties: maxProperties) }
    var ofNumbers: Constraints {
        Constraints(
            minimum: minimum, maximum: maximum, exclusiveMinimum: exclusiveMinimum, exclusiveMaximum: exclusiveMaximum,
            multipleOf: multipleOf
        )
    }
}
