import CodegenModel

/// Makes the model's contents from Media Type Objects.
struct ContentModeler {
    let types: TypeModeler

    var diagnostics: DiagnosticCollector { types.diagnostics }

    /// The contents of a body; one that is not supported is reported and left out.
    /// - Parameter typeName: What the names of types that belong to the body begin with.
    func contents(_ objects: [MediaTypeObject], hint: String, typeName: String) -> [Content] {
        var scope = NameScope()
        var typeNames = NameScope()
        let isSingle = objects.count == 1
        return objects.compactMap { object in
            let name = caseName(object.mediaType)
            let bodyHint = isSingle ? hint + " body" : hint + " " + name
            guard let kind = kind(object, hint: bodyHint, typeName: { typeNames.claim(typeName + "MultipartBody") }) else { return nil }
            return Content(
                mediaType: object.mediaType, mediaTypeParameters: object.mediaTypeParameters, swiftName: scope.claim(Namer.member(name)),
                kind: kind)
        }
    }

    private func kind(_ object: MediaTypeObject, hint: String, typeName: () -> String) -> Content.Kind? {
        let mediaType = object.mediaType
        if mediaType == "text/event-stream" { return eventStream(object, hint: hint) }
        let isStreamed = object.isStreamed || types.context.isStreamed(mediaType: mediaType)
        if mediaType.hasPrefix("multipart/"), !mediaType.hasSuffix("/*") {
            if isStreamed || types.context.isOperationStreamed { return .multipartStream }
            return MultipartModeler(types: types).kind(object, hint: hint, typeName: typeName)
        }
        if Self.jsonLines.contains(mediaType) { return .jsonLines(itemUse(object, hint: hint)) }
        if mediaType == "application/json-seq" || mediaType.hasSuffix("+json-seq") { return .jsonSequence(itemUse(object, hint: hint)) }
        if let item = object.itemSchema {
            diagnostics.report(
                .unsupported, "`itemSchema` is not supported for \(mediaType)", at: item.position,
                help: "use text/event-stream, application/jsonl or application/json-seq"
            )
            return nil
        }
        if isStreamed { return .byteStream }
        if MediaTypeObject.isJSON(mediaType) {
            return .json(object.schema.map { types.use(of: $0, hint: hint) } ?? TypeUse(.any))
        }
        if mediaType == "*/*" || mediaType == "application/*", let schema = object.schema, isJSON(schema) {
            return .json(types.use(of: schema, hint: hint))
        }
        if mediaType == "application/x-www-form-urlencoded" { return form(object, hint: hint) }
        let isXML = mediaType.hasSuffix("/xml") || mediaType.hasSuffix("+xml")
        let isText = isXML || mediaType.hasPrefix("text/")
        if isStructured(object.schema) {
            let form = isText ? "text" : "bytes"
            diagnostics.report(
                .encodingIgnored, "the schema of \(isXML ? "an XML" : "this") body is not used: the body is its \(form)",
                at: object.position, help: "use application/json where there is a choice"
            )
        }
        if isText { return .text }
        return types.context.isOperationStreamed ? .byteStream : .binary
    }

    /// Whether what a schema speaks of is JSON where any media type will do: whoever leaves the media type open (springdoc writes `*/*`)
    /// means it, unless the body is a string, which may be any text or bytes.
    private func isJSON(_ node: DocumentNode) -> Bool {
        guard let target = types.context.references.resolve(node)?.node else { return false }
        let schema = types.context.merger.merged(target)
        if !schema.oneOf.isEmpty || !schema.anyOf.isEmpty { return true }
        let written = schema.types?.filter { $0 != .null } ?? schema.impliedType.map { [$0] } ?? []
        return !written.isEmpty && written != [.string]
    }

    /// Whether a schema speaks of objects or arrays, which text and bytes are not.
    private func isStructured(_ node: DocumentNode?) -> Bool {
        guard let node, let target = types.context.references.resolve(node)?.node else { return false }
        let schema = types.context.merger.merged(target)
        let type = schema.types?.first ?? schema.impliedType
        return type == .object || type == .array || !schema.oneOf.isEmpty || !schema.anyOf.isEmpty
    }

    private static let jsonLines: Set<String> = [
        "application/jsonl", "application/x-jsonl", "application/jsonlines", "application/x-jsonlines", "application/ndjson",
        "application/x-ndjson", "application/json-lines",
    ]

    /// The type of a sequence's items: of `itemSchema`, or of the items of an array that stands for the whole (OpenAPI 3.2, section
    /// 4.14.1).
    private func itemUse(_ object: MediaTypeObject, hint: String) -> TypeUse {
        if let item = object.itemSchema { return types.use(of: item, hint: hint + " item") }
        guard let schema = object.schema else { return TypeUse(.any) }
        let use = types.use(of: schema, hint: hint)
        if case .array(let element) = use.base { return element }
        return use
    }

    private func form(_ object: MediaTypeObject, hint: String) -> Content.Kind? {
        let encoding = FormEncoding(
            fields: OpenAPIReader(context: types.context).fields(object), emptyIsAbsent: object.emptyIsAbsent)
        guard let schema = object.schema else { return .form(TypeUse(.anyObject), encoding) }
        var use = types.use(of: schema, hint: hint)
        if use.base == .any { use = TypeUse(.anyObject) }
        let shape = TextShape.of(use, in: types)
        guard shape.isObject, !shape.isScalar, !shape.isList, !use.isNullable else {
            diagnostics.report(
                .formType, "a form must be an object", at: schema.position, help: "declare the fields under `properties`"
            )
            return nil
        }
        check(encoding, of: use, at: schema)
        return .form(use, encoding)
    }

    /// Fields with a style must be writable in it.
    private func check(_ encoding: FormEncoding, of use: TypeUse, at schema: DocumentNode) {
        guard case .named(let name) = use.base, case .object(let type)? = types.declarations[name]?.kind else { return }
        for field in encoding.fields {
            guard case .style(let style, let explode, _) = field.kind,
                let property = type.properties.first(where: { $0.name == field.name }),
                let problem = TextShape.of(property.type, in: types).problem(in: style, explode: explode)
            else { continue }
            diagnostics.report(
                .formType, "the form's field `\(field.name)` cannot be written as text: \(problem)", at: schema.position,
                help: "use `contentType: application/json` for the field"
            )
        }
    }

    // MARK: Event streams

    /// OpenAPI 3.2, section 4.14.4: the items of an event stream are objects with `data`, `event`, `id` and `retry`; `data` that is JSON is
    /// described by `contentSchema`. A schema that is no such object describes `data` itself.
    private func eventStream(_ object: MediaTypeObject, hint: String) -> Content.Kind? {
        guard let item = object.itemSchema else { return .textEventStream(terminator: object.terminator) }
        guard let target = types.context.references.resolve(item)?.node else { return nil }
        let schema = types.context.schemas.schema(at: target)
        let event = MergedObject.of(schema, in: types.context)
        let fields: Set<String> = ["data", "event", "id", "retry"]
        guard let data = event.properties.first(where: { $0.key == "data" }), event.properties.allSatisfy({ fields.contains($0.key) })
        else {
            return .eventStream(data: types.use(of: item, hint: hint + " event"), terminator: object.terminator)
        }
        let dataSchema = types.context.schemas.schema(at: data.value)
        guard let content = dataSchema.contentSchema,
            dataSchema.contentMediaType == nil || dataSchema.contentMediaType == "application/json"
        else { return .textEventStream(terminator: object.terminator) }
        return .eventStream(data: types.use(of: content, hint: hint + " event"), terminator: object.terminator)
    }

    /// The words a content's case is named by.
    private func caseName(_ mediaType: String) -> String {
        switch mediaType {
        case "application/json": "json"
        case "application/x-www-form-urlencoded": "form"
        case "text/plain": "text"
        case "application/octet-stream": "binary"
        case "*/*": "any"
        case let range where range.hasSuffix("/*"): String(range.dropLast(2))
        default: mediaType.split(separator: "/").last.map(String.init) ?? mediaType
        }
    }
}
