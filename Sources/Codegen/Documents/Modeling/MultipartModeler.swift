import CodegenModel

/// Makes the model's multipart bodies (OpenAPI 3.2, section 4.15.3).
struct MultipartModeler {
    let types: TypeModeler

    private var diagnostics: DiagnosticCollector { types.diagnostics }

    /// Typed when the schema is an object with properties; part by part otherwise, or when the document asks for it.
    func kind(_ object: MediaTypeObject, hint: String, typeName: () -> String) -> Content.Kind {
        if let positional = object.positionalEncoding {
            diagnostics.report(
                .encodingIgnored, "`\(positional.key)` is not used: the parts are read and written one by one, untyped",
                at: positional.keyPosition, help: "remove it, or use multipart/form-data with an object"
            )
            return .multipartStream
        }
        guard !object.isStreamed, let node = object.schema, let target = types.context.references.resolve(node)?.node else {
            return .multipartStream
        }
        let schema = types.context.merger.merged(target)
        let written = types.context.schemas.schema(at: target)
        guard written.oneOf.isEmpty, written.anyOf.isEmpty, schema.oneOf.isEmpty, schema.anyOf.isEmpty else {
            diagnostics.report(
                .encodingIgnored, "the alternatives of a multipart body are not used: the parts are read and written one by one, untyped",
                at: node.position, help: "use one object with optional properties"
            )
            return .multipartStream
        }
        guard !schema.properties.isEmpty else { return .multipartStream }
        var isClosed = false
        if let additional = schema.additionalProperties {
            isClosed = additional.scalar?.boolean == false
            if additional.isMapping, !additional.members.isEmpty {
                diagnostics.report(
                    .unsupported, "`additionalProperties` with a schema is not supported for multipart", at: additional.position,
                    help: "name the parts under `properties`, or use `x-streaming: true` to read parts of any name"
                )
            }
        }
        let required = Set(schema.required.map(\.name))
        var scope = NameScope()
        let parts = schema.properties.map { member in
            part(
                member, encoding: object.encoding.first { $0.key == member.key }?.value, isRequired: required.contains(member.key),
                hint: hint, scope: &scope)
        }
        return .multipart(MultipartType(typeName: typeName(), parts: parts, isClosed: isClosed))
    }

    private func part(
        _ member: DocumentNode.Member, encoding node: DocumentNode?, isRequired: Bool, hint: String, scope: inout NameScope
    ) -> MultipartType.Part {
        let encoding = node.flatMap { types.context.reader(of: $0, as: OpenAPIFields.encoding) }
        let contentType = encoding?.string("contentType")
        let schema = types.context.merger.merged(member.value)
        var part = MultipartType.Part(
            name: member.key, swiftName: scope.claim(Namer.member(member.key)), description: schema.description, isRequired: isRequired,
            kind: .file, contentType: contentType, requiredHeaders: encoding.map(requiredHeaders) ?? []
        )
        let isList = schema.types == [.array] || schema.types == nil && schema.items != nil
        var value = member.value
        if isList {
            part.isRepeated = true
            part.constraints = Constraints(minItems: schema.constraints.minItems, maxItems: schema.constraints.maxItems)
            guard let items = schema.items else { return part }
            value = items
        }
        if isFile(types.context.merger.merged(value), contentType: contentType) { return part }
        var use = types.use(of: value, hint: hint + " " + member.key)
        if use.isNullable { part.isRequired = false }
        use.isNullable = false
        let shape = TextShape.of(use, in: types)
        let isText = shape.isScalar && !shape.isList && !shape.isObject && shape.problem == nil
        part.kind = isText && contentType.map(MediaTypeObject.isJSON) != true ? .text(use) : .json(use)
        return part
    }

    /// Bytes: `format: binary`, a `contentMediaType` without encoding, nothing said at all, or a media type that is neither text nor JSON.
    private func isFile(_ schema: Schema, contentType: String?) -> Bool {
        let isString = schema.types == nil || schema.types == [.string]
        guard isString, schema.enumValues == nil, schema.constant == nil, schema.oneOf.isEmpty, schema.anyOf.isEmpty, schema.allOf.isEmpty
        else { return false }
        if schema.format == "binary" { return true }
        if schema.contentEncoding != nil || schema.format == "byte" { return false }
        if schema.contentMediaType != nil { return true }
        if let contentType { return !contentType.hasPrefix("text/") && !MediaTypeObject.isJSON(contentType) }
        return schema.isEmpty
    }

    private func requiredHeaders(_ encoding: ObjectReader) -> [String] {
        encoding.members("headers").compactMap { member in
            guard member.key.lowercased() != "content-type",
                let reader = types.context.reader(of: member.value, as: OpenAPIFields.header), reader.boolean("required") == true
            else { return nil }
            return member.key
        }
    }
}
