import CodegenModel

/// An object's stored properties, with the decisions that its declaration, reader and writer share.
struct ObjectShape {
    struct Member {
        var property: Property
        /// The Swift property; nil for a constant, which is not stored.
        var isStored: Bool
        /// The Swift type, `?` included.
        var type: String
        /// Absence is possible in Swift (`T?`), as a null or as a missing member.
        var isOptional: Bool
        /// The variable of the reader.
        var local: String
        /// Stored in an array of at most one element, since the type contains itself.
        var needsStorage: Bool
    }

    var members: [Member]
    /// The type of additional members, when they are kept.
    var additional: TypeUse?
    /// The property that holds them: `additionalProperties`, or `items` of a tuple; and its type.
    var additionalName: String
    var additionalType: String
    /// Members that must not be there.
    var forbidden: [String]

    /// Names that the reader's body uses for itself.
    private static let reserved: Set<String> = ["json", "form", "key", "value", "member", "seen", "memberCount", "additionalProperties"]

    init(_ object: ObjectType, name: String, api: APIContext) {
        var locals = Self.reserved
        var result: [Member] = []
        for property in object.properties {
            let isNullable = api.resolve(property.type).isNullable
            let isOptional = isNullable || (!property.isRequired && property.defaultValue == nil)
            let valueType = api.valueType(api.resolve(property.type).base)
            let local = APIContext.unique(Namer.unescaped(property.swiftName), among: locals)
            locals.insert(local)
            result.append(
                Member(
                    property: property, isStored: property.constant == nil, type: isOptional ? valueType + "?" : valueType,
                    isOptional: isOptional, local: SwiftLiteral.identifier(local),
                    needsStorage: api.recursion.needsStorage(property.type, in: name)
                )
            )
        }
        members = result
        forbidden = object.forbidden
        additionalName = object.isTuple ? "items" : "additionalProperties"
        additionalType = ""
        if case .typed(let use) = object.additional {
            additional = use
            additionalType = object.isTuple ? "[\(api.type(use))]" : "[\(api.standardType("String")): \(api.type(use))]"
        }
    }

    /// The names that a reader looks members up in: of the members, then of those that must not be there.
    var names: [String] { members.map(\.property.name) + forbidden }

    /// The stored members, in document order.
    var stored: [Member] { members.filter(\.isStored) }
}

/// Declarations of objects.
extension SourceFile {
    mutating func declareObject(_ object: ObjectType, _ declaration: TypeDeclaration) {
        let shape = ObjectShape(object, name: declaration.name, api: api)
        block("\(api.modifier)struct \(declaration.name): Sendable, Equatable") { file in
            for member in shape.stored { file.declareProperty(member) }
            if let additional = shape.additional {
                file.expose(additional)
                file.line("/// The \(object.isTuple ? "items" : "members") that the schema does not name.")
                file.line("\(file.api.modifier)var \(shape.additionalName): \(shape.additionalType)")
            }
            if !shape.stored.isEmpty || shape.additional != nil { file.line("") }
            file.declareInitializer(shape)
        }
    }

    private mutating func declareProperty(_ member: ObjectShape.Member) {
        let name = SwiftLiteral.identifier(member.property.swiftName)
        expose(member.property.type)
        documentation(member.property.description, member.property.isDeprecated ? "- Note: Deprecated." : nil)
        guard member.needsStorage else { return line("\(api.modifier)var \(name): \(member.type)") }
        let storage = storageName(member)
        block("\(api.modifier)var \(name): \(member.type)") { file in
            file.line(member.isOptional ? "get { \(storage).first }" : "get { \(storage)[0] }")
            file.line(member.isOptional ? "set { \(storage) = newValue.map { [$0] } ?? [] }" : "set { \(storage) = [newValue] }")
        }
        line("private var \(storage): [\(api.valueType(api.resolve(member.property.type).base))]")
    }

    /// The array behind a property whose type contains itself.
    private func storageName(_ member: ObjectShape.Member) -> String { "_\(Namer.unescaped(member.property.swiftName))" }

    private mutating func declareInitializer(_ shape: ObjectShape) {
        var parameters = shape.stored.map { member in
            let type = "\(SwiftLiteral.identifier(member.property.swiftName)): \(member.type)"
            if let value = member.property.defaultValue, !member.property.isRequired { return "\(type) = \(SwiftLiteral.value(value))" }
            return member.isOptional ? "\(type) = nil" : type
        }
        if shape.additional != nil {
            parameters.append("\(shape.additionalName): \(shape.additionalType) = \(shape.additionalName == "items" ? "[]" : "[:]")")
        }
        declareInit(parameters) { file in
            for member in shape.stored {
                let name = SwiftLiteral.identifier(member.property.swiftName)
                if !member.needsStorage {
                    file.line("self.\(name) = \(name)")
                } else {
                    file.line("self.\(file.storageName(member)) = \(member.isOptional ? "\(name).map { [$0] } ?? []" : "[\(name)]")")
                }
            }
            if shape.additional != nil { file.line("self.\(shape.additionalName) = \(shape.additionalName)") }
        }
    }

    /// Writes an initializer, its parameters on lines of their own when they are many.
    mutating func declareInit(_ parameters: [String], _ body: (inout SourceFile) -> Void) {
        let short = "\(api.modifier)init(\(parameters.joined(separator: ", ")))"
        if parameters.isEmpty {
            line("\(short) {}")
        } else if short.count <= 110 {
            block(short, body)
        } else {
            line("\(api.modifier)init(")
            indented { $0.list(parameters) }
            block(")", body)
        }
    }
}
