import CodegenModel

/// Reads Schema Objects, each node once.
final class SchemaReader {
    private let diagnostics: DiagnosticCollector
    private var known: [ObjectIdentifier: Schema] = [:]

    init(diagnostics: DiagnosticCollector) { self.diagnostics = diagnostics }

    /// The schema at `node`, without following its reference. A node that is no schema gives the empty one, after a diagnostic.
    func schema(at node: DocumentNode) -> Schema {
        if let schema = known[node.id] { return schema }
        let schema = read(node)
        known[node.id] = schema
        return schema
    }

    private func read(_ node: DocumentNode) -> Schema {
        var schema = Schema(node: node)
        if let boolean = node.scalar?.boolean {
            schema.isNever = !boolean
            return schema
        }
        guard let reader = ObjectReader(node, as: SchemaFields.table, diagnostics: diagnostics) else { return schema }
        schema.reference = reader["$ref"]
        schema.title = reader.string("title")
        schema.description = reader.string("description") ?? schema.title
        schema.isDeprecated = reader.boolean("deprecated") ?? false
        schema.format = reader.string("format")
        schema.contentMediaType = reader.string("contentMediaType")
        schema.contentEncoding = reader.string("contentEncoding")
        schema.contentSchema = reader["contentSchema"]
        schema.constant = reader["const"]
        schema.defaultValue = reader["default"]
        readTypes(reader, into: &schema)
        readEnum(reader, into: &schema)
        readConstraints(reader, into: &schema)
        schema.properties = reader.members("properties")
        schema.required = reader.elements("required").compactMap { element in
            if let name = element.string { return (name, element) }
            diagnostics.report(.wrongType, "`required` lists names, not \(element.kindDescription)", at: element.position)
            return nil
        }
        schema.additionalProperties = reader["additionalProperties"]
        schema.patternProperties = reader.members("patternProperties")
        schema.items = reader["items"]
        schema.prefixItems = reader.elements("prefixItems")
        schema.isReadOnly = reader.boolean("readOnly") ?? false
        schema.isWriteOnly = reader.boolean("writeOnly") ?? false
        schema.allOf = reader.elements("allOf")
        schema.oneOf = reader.elements("oneOf")
        schema.anyOf = reader.elements("anyOf")
        schema.discriminator = reader["discriminator"].flatMap(discriminator)
        return schema
    }

    private func readTypes(_ reader: ObjectReader, into schema: inout Schema) {
        schema.isNullable = reader.boolean("nullable") ?? false
        guard let node = reader["type"] else { return }
        var types: [JSONType] = []
        for element in node.isSequence ? node.elements : [node] {
            // A plain `null` here is YAML's null; the author meant the type's name.
            if element.scalar?.isNull == true {
                diagnostics.report(.typeNull, "`type` must name a type, not be null", at: element.position)
                schema.isNullable = true
            } else if let type = element.string.flatMap(JSONType.init(rawValue:)) {
                if type == .null { schema.isNullable = true } else if !types.contains(type) { types.append(type) }
            } else {
                let names = JSONType.allCases.map(\.rawValue).joined(separator: ", ")
                let written = element.scalar.map { "`\($0.text)`" } ?? element.kindDescription
                diagnostics.report(.wrongType, "`type` must be one of \(names), not \(written)", at: element.position)
                return
            }
        }
        if types.contains(.number) { types.removeAll { $0 == .integer } }
        schema.types = types
    }

    private func readEnum(_ reader: ObjectReader, into schema: inout Schema) {
        if reader["enum"] != nil { schema.enumValues = reader.elements("enum") }
        guard let extensible = reader["x-extensible-enum"] else { return }
        // Both forms are in use: a mark beside `enum`, and the list itself in its place.
        if extensible.isSequence {
            schema.enumValues = (schema.enumValues ?? []) + extensible.elements
            schema.isExtensible = true
        } else {
            schema.isExtensible = reader.boolean("x-extensible-enum") ?? false
        }
    }

    private func readConstraints(_ reader: ObjectReader, into schema: inout Schema) {
        schema.constraints = Constraints(
            minLength: reader.count("minLength"), maxLength: reader.count("maxLength"), pattern: reader.string("pattern"),
            multipleOf: reader.number("multipleOf"), minItems: reader.count("minItems"), maxItems: reader.count("maxItems"),
            uniqueItems: reader.boolean("uniqueItems") ?? false, minProperties: reader.count("minProperties"),
            maxProperties: reader.count("maxProperties")
        )
        if let pattern = schema.constraints.pattern, let node = reader["pattern"] {
            PatternValid.check(pattern, at: node.position, diagnostics)
        }
        (schema.constraints.minimum, schema.constraints.exclusiveMinimum) = bounds(reader, "minimum", "exclusiveMinimum")
        (schema.constraints.maximum, schema.constraints.exclusiveMaximum) = bounds(reader, "maximum", "exclusiveMaximum")
    }

    /// In OpenAPI 3.0 the exclusive bound is a flag beside the other one; in 3.1 it is a number of its own.
    private func bounds(_ reader: ObjectReader, _ inclusive: String, _ exclusive: String) -> (Double?, Double?) {
        let bound = reader.number(inclusive)
        if let flag = reader[exclusive]?.scalar?.boolean { return flag ? (nil, bound) : (bound, nil) }
        return (bound, reader.number(exclusive))
    }

    private func discriminator(_ node: DocumentNode) -> Schema.Discriminator? {
        guard let reader = ObjectReader(node, as: SchemaFields.discriminator, diagnostics: diagnostics),
            let property = reader.requiredString("propertyName")
        else { return nil }
        return Schema.Discriminator(
            node: node, property: property, mapping: reader.members("mapping"), defaultMapping: reader["defaultMapping"]
        )
    }
}
