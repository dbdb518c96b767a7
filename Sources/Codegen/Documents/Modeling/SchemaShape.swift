import CodegenModel

/// What a schema is, as far as can be told from itself: which kind of type it gives and whether null is allowed.
struct SchemaShape {
    enum Kind {
        case reference(ReferenceResolver.Target)
        /// Another schema with annotations around it, or with null beside it.
        case wrapper(DocumentNode)
        case object
        case stringEnum([DocumentNode], isOpen: Bool)
        case union([DocumentNode])
        /// `type` lists several types.
        case typeUnion([JSONType])
        case array
        case map
        case anyObject
        case any
        case scalar(JSONType)
    }

    /// The kinds that get a declaration.
    enum DeclaredKind {
        case object
        case stringEnum([DocumentNode], isOpen: Bool)
        case union([DocumentNode])
        case typeUnion([JSONType])
    }

    var kind: Kind
    var isNullable: Bool

    var declaredKind: DeclaredKind? {
        switch kind {
        case .object: .object
        case .stringEnum(let values, let isOpen): .stringEnum(values, isOpen: isOpen)
        case .union(let variants): .union(variants)
        case .typeUnion(let types): .typeUnion(types)
        default: nil
        }
    }

    static func of(_ schema: Schema, in context: ReadContext) -> SchemaShape {
        if let reference = schema.reference {
            checkReferenceSiblings(schema, in: context)
            // The whole chain is followed here only to see that it ends.
            guard context.references.resolve(schema.node) != nil, let target = context.references.target(of: reference) else {
                return SchemaShape(kind: .any, isNullable: false)
            }
            return SchemaShape(kind: .reference(target), isNullable: schema.isNullable)
        }
        if !schema.oneOf.isEmpty || !schema.anyOf.isEmpty { return alternatives(schema, in: context) }
        if let only = schema.allOf.first, schema.allOf.count == 1, schema.hasOnlyAllOf {
            return SchemaShape(kind: .wrapper(only), isNullable: schema.isNullable)
        }
        if !schema.allOf.isEmpty { return SchemaShape(kind: .object, isNullable: schema.isNullable) }
        return plain(schema, in: context)
    }

    private static func plain(_ schema: Schema, in context: ReadContext) -> SchemaShape {
        if schema.isNullOnly {
            context.diagnostics.report(
                .unsupported, "a schema that is only null has no type", at: schema.position,
                help: "name the type it has when it is not null"
            )
            return SchemaShape(kind: .any, isNullable: true)
        }
        if let types = schema.types, types.count > 1 { return SchemaShape(kind: .typeUnion(types), isNullable: schema.isNullable) }
        guard let type = schema.types?.first ?? schema.impliedType else { return SchemaShape(kind: .any, isNullable: schema.isNullable) }
        var isNullable = schema.isNullable
        let kind: Kind
        switch type {
        case .object: kind = objectKind(schema)
        case .array: kind = .array
        case .string:
            if let values = schema.enumValues {
                if schema.types == nil, values.contains(where: { $0.scalar?.isNull == true }) { isNullable = true }
                kind = .stringEnum(values, isOpen: schema.isExtensible)
            } else if let constant = schema.constant, constant.string != nil {
                kind = .stringEnum([constant], isOpen: false)
            } else {
                kind = .scalar(.string)
            }
        case .boolean, .integer, .number, .null: kind = .scalar(type)
        }
        return SchemaShape(kind: kind, isNullable: isNullable)
    }

    private static func objectKind(_ schema: Schema) -> Kind {
        let additional = schema.additionalProperties
        if !schema.properties.isEmpty || !schema.required.isEmpty { return .object }
        // Their values have types of their own.
        if schema.node["patternProperties"] != nil { return .anyObject }
        if additional?.scalar?.boolean == false { return .object }
        guard let additional, additional.scalar?.boolean != true, !additional.members.isEmpty else { return .anyObject }
        return .map
    }

    /// `oneOf` and `anyOf`: without null, an enum in parts, an open enum, or a union.
    private static func alternatives(_ schema: Schema, in context: ReadContext) -> SchemaShape {
        let nodes = schema.oneOf.isEmpty ? schema.anyOf : schema.oneOf
        if !schema.oneOf.isEmpty, let member = schema.node.member("anyOf") {
            context.diagnostics.report(
                .unsupported, "`anyOf` beside `oneOf` is not supported", at: member.keyPosition, help: "write one list")
        }
        if !schema.allOf.isEmpty, let member = schema.node.member("allOf") {
            context.diagnostics.report(
                .unsupported, "`allOf` beside `oneOf` is not supported", at: member.keyPosition,
                help: "put the common properties into each alternative"
            )
        }
        if let member = schema.node.member("properties") {
            context.diagnostics.report(
                .unsupported, "`properties` beside `oneOf` is not supported", at: member.keyPosition,
                help: "put the common properties into each alternative"
            )
        }
        let others = nodes.filter { !context.schemas.schema(at: $0).isNullOnly }
        let isNullable = schema.isNullable || others.count < nodes.count
        let schemas = others.map { node in context.references.resolve(node).map { context.schemas.schema(at: $0.node) } }
        if others.count == 1 { return SchemaShape(kind: .wrapper(others[0]), isNullable: isNullable) }
        if schemas.allSatisfy({ $0?.constant?.string != nil && $0?.properties.isEmpty == true }) {
            return SchemaShape(kind: .stringEnum(schemas.compactMap { $0?.constant }, isOpen: schema.isExtensible), isNullable: isNullable)
        }
        if let values = openEnumValues(schemas) { return SchemaShape(kind: .stringEnum(values, isOpen: true), isNullable: isNullable) }
        return SchemaShape(kind: .union(others), isNullable: isNullable)
    }

    /// `anyOf: [{enum: […]}, {type: string}]`, in either order.
    private static func openEnumValues(_ schemas: [Schema?]) -> [DocumentNode]? {
        let enums = schemas.compactMap { $0?.enumValues }
        let strings = schemas.filter { $0?.types == [.string] && $0?.enumValues == nil && $0?.constant == nil }
        guard schemas.count == 2, enums.count == 1, strings.count == 1, enums[0].allSatisfy({ $0.string != nil }) else { return nil }
        return enums[0]
    }

    private static func checkReferenceSiblings(_ schema: Schema, in context: ReadContext) {
        for member in schema.node.members where !annotations.contains(member.key) && !member.key.hasPrefix("x-") {
            // A keyword without support was reported when it was read; some are left to assertions.
            guard SchemaFields.table.read.contains(member.key), !SchemaKeywords.untyped.contains(member.key) else { continue }
            context.diagnostics.report(
                .unsupported, "`\(member.key)` beside `$ref` is not supported", at: member.keyPosition,
                help: "put it into the schema that is referred to"
            )
        }
    }

    fileprivate static let annotations: Set<String> = [
        "$ref", "description", "title", "default", "deprecated", "nullable", "example", "examples", "readOnly", "writeOnly", "externalDocs",
        "$comment", "$id", "$anchor", "$dynamicAnchor", "$defs", "definitions", "$schema", "xml",
    ]
}

extension Schema {
    /// `allOf` with nothing but annotations beside it.
    fileprivate var hasOnlyAllOf: Bool {
        node.members.allSatisfy { $0.key == "allOf" || SchemaShape.annotations.contains($0.key) || $0.key.hasPrefix("x-") }
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
