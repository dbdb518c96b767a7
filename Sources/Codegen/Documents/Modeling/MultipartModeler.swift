import CodegenModel

/// Makes the model's multipart bodies (OpenAPI 3.2, section 4.15.3).
struct MultipartModeler {
    let types: TypeModeler

    private var diagnostics: DiagnosticCollector { types.diagnostics }

    /// Typed when the schema is an object with properties, or an array (but for form-data, whose parts have names); part by part otherwise.
    func kind(_ object: MediaTypeObject, hint: String, typeName: () -> String) -> Content.Kind {
        if let item = object.itemSchema {
            diagnostics.report(
                .encodingIgnored, "`itemSchema` is not used: the parts are read and written one by one, untyped", at: item.position,
                help: "use `schema: {type: array, items: …}` where the body fits into memory"
            )
            return .multipartStream
        }
        guard let node = object.schema, let target = types.context.references.resolve(node)?.node else {
            if let positional = object.positionalEncoding.first {
                diagnostics.report(
                    .encodingIgnored, "`\(positional.key)` is not used: there is no schema of an array",
                    at: positional.keyPosition, help: "remove it, or add `schema: {type: array, items: …}`"
                )
            }
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
        let isArray = schema.types == [.array] || schema.types == nil && (schema.items != nil || !schema.prefixItems.isEmpty)
        if isArray, object.mediaType != "multipart/form-data" { return positional(object, schema, hint: hint, typeName: typeName) }
        for positional in object.positionalEncoding {
            diagnostics.report(
                .encodingIgnored, "`\(positional.key)` is not used: it is for the items of an array, in a multipart body without names",
                at: positional.keyPosition, help: "use `encoding`"
            )
        }
        return named(object, schema, hint: hint, typeName: typeName)
    }

    // MARK: Parts with names

    private func named(_ object: MediaTypeObject, _ schema: Schema, hint: String, typeName: () -> String) -> Content.Kind {
        let isOpen = schema.additionalProperties.map { $0.scalar?.boolean != false } ?? false
        guard !schema.properties.isEmpty || isOpen else { return .multipartStream }
        let required = Set(schema.required.map(\.name))
        var scope = NameScope(reserved: isOpen ? ["additionalProperties"] : [])
        let parts = schema.properties.map { member in
            part(
                PartSource(name: member.key, words: member.key, node: member.value, repeats: true),
                encoding: object.encoding.first { $0.key == member.key }?.value, isRequired: required.contains(member.key), hint: hint,
                scope: &scope)
        }
        var type = MultipartType(typeName: typeName(), parts: parts, isClosed: schema.additionalProperties?.scalar?.boolean == false)
        if isOpen, let node = schema.additionalProperties {
            var scope = NameScope()
            let isAnything = node.members.isEmpty
            var others = part(
                PartSource(name: "additionalProperties", words: "additional properties", node: isAnything ? nil : node, repeats: true),
                encoding: nil, isRequired: false, hint: hint, scope: &scope)
            // Nothing says that there is one of a name.
            if isAnything { others.isRepeated = true }
            type.others = others
        }
        return .multipart(type)
    }

    // MARK: Parts by position

    /// The parts of an array (OpenAPI 3.2, section 4.15.1.2): those of `prefixItems`, and any number of `items`.
    private func positional(_ object: MediaTypeObject, _ schema: Schema, hint: String, typeName: () -> String) -> Content.Kind {
        let prefix = object.positionalEncoding.first { $0.key == "prefixEncoding" }?.value.elements ?? []
        let rest = object.positionalEncoding.first { $0.key == "itemEncoding" }?.value
        let isClosed = schema.items.map { types.context.merger.merged($0).isNever } ?? false
        var scope = NameScope(reserved: isClosed ? [] : ["items"])
        let least = schema.constraints.minItems ?? 0
        let parts = schema.prefixItems.enumerated().map { index, node in
            let words = types.context.schemas.schema(at: node).title ?? "part \(index + 1)"
            return part(
                PartSource(name: String(index), words: words, node: node, repeats: false),
                encoding: index < prefix.count ? prefix[index] : rest, isRequired: index < least, hint: hint, scope: &scope)
        }
        var type = MultipartType(typeName: typeName(), parts: parts, isClosed: isClosed, isPositional: true)
        type.count = Constraints(minItems: schema.constraints.minItems, maxItems: schema.constraints.maxItems)
        if !isClosed {
            var scope = NameScope()
            type.others = part(
                PartSource(name: "items", words: "items", node: schema.items, repeats: false), encoding: rest, isRequired: false,
                hint: hint,
                scope: &scope)
        }
        return .multipart(type)
    }

    // MARK: A part

    private struct PartSource {
        var name: String
        /// What its Swift name is made of.
        var words: String
        /// nil: anything.
        var node: DocumentNode?
        /// Whether a list is any number of parts, not one of JSON.
        var repeats: Bool
    }

    private func part(
        _ source: PartSource, encoding node: DocumentNode?, isRequired: Bool, hint: String, scope: inout NameScope
    ) -> MultipartType.Part {
        let encoding = node.flatMap { types.context.reader(of: $0, as: OpenAPIFields.encoding) }
        let contentType = encoding?.string("contentType")
        let schema = source.node.map(types.context.merger.merged)
        var part = MultipartType.Part(
            name: source.name, swiftName: scope.claim(Namer.member(source.words)), description: schema?.description, isRequired: isRequired,
            kind: .file, contentType: contentType, requiredHeaders: encoding.map(requiredHeaders) ?? []
        )
        guard let schema, var value = source.node else { return part }
        if source.repeats, schema.types == [.array] || schema.types == nil && schema.items != nil {
            part.isRepeated = true
            part.constraints = Constraints(minItems: schema.constraints.minItems, maxItems: schema.constraints.maxItems)
            guard let items = schema.items else { return part }
            value = items
        }
        if isFile(types.context.merger.merged(value), contentType: contentType) { return part }
        var use = types.use(of: value, hint: hint + " " + source.words)
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
