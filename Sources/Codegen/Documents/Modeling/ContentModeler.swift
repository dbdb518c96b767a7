import CodegenModel

/// Makes the model's contents from Media Type Objects.
struct ContentModeler {
    let types: TypeModeler

    var diagnostics: DiagnosticCollector { types.diagnostics }

    /// The contents of a body; one that is not supported is reported and left out.
    func contents(_ objects: [MediaTypeObject], hint: String) -> [Content] {
        var scope = NameScope()
        let isSingle = objects.count == 1
        return objects.compactMap { object in
            let name = caseName(object.mediaType)
            let bodyHint = isSingle ? hint + " body" : hint + " " + name
            guard let kind = kind(object, hint: bodyHint) else { return nil }
            return Content(mediaType: object.mediaType, swiftName: scope.claim(Namer.member(name)), kind: kind)
        }
    }

    private func kind(_ object: MediaTypeObject, hint: String) -> Content.Kind? {
        let mediaType = object.mediaType
        if mediaType == "text/event-stream" { return eventStream(object, hint: hint) }
        if let item = object.itemSchema {
            diagnostics.report(
                .unsupported, "`itemSchema` is supported for text/event-stream only, not for \(mediaType)", at: item.position,
                help: "use text/event-stream"
            )
            return nil
        }
        if mediaType == "application/json" || mediaType.hasSuffix("+json") {
            return .json(object.schema.map { types.use(of: $0, hint: hint) } ?? TypeUse(.any))
        }
        if mediaType == "application/x-www-form-urlencoded" { return form(object, hint: hint) }
        if mediaType.hasPrefix("multipart/") || mediaType.contains("*") || mediaType.hasSuffix("/xml") || mediaType.hasSuffix("+xml") {
            diagnostics.report(
                .unsupported, "the media type \(mediaType) is not supported", at: object.position,
                help: "use application/json, application/x-www-form-urlencoded, a text type or application/octet-stream"
            )
            return nil
        }
        return mediaType.hasPrefix("text/") ? .text : .binary
    }

    private func form(_ object: MediaTypeObject, hint: String) -> Content.Kind? {
        guard let schema = object.schema else {
            diagnostics.report(.fieldMissing, "a form needs a `schema`", at: object.position, help: "add `schema:` with `type: object`")
            return nil
        }
        let use = types.use(of: schema, hint: hint)
        guard case .named(let name) = use.base, case .object(let type)? = types.declarations[name]?.kind else {
            diagnostics.report(
                .formType, "a form must be an object with declared properties", at: schema.position,
                help: "declare the fields under `properties`"
            )
            return nil
        }
        for property in type.properties where !types.isTextual(property.type) {
            diagnostics.report(
                .formType, "the form's field `\(property.name)` must be a scalar, an enum or an array of these", at: schema.position,
                help: "use application/json for nested objects"
            )
        }
        return .form(use)
    }

    // MARK: Event streams

    /// OpenAPI 3.2, section 4.14.4: the items of an event stream are objects with `data`, `event`, `id` and `retry`; `data` that is JSON is
    /// described by `contentSchema`. A schema that is no such object describes `data` itself.
    private func eventStream(_ object: MediaTypeObject, hint: String) -> Content.Kind? {
        guard let item = object.itemSchema else {
            diagnostics.report(
                .fieldMissing, "an event stream needs the schema of its events", at: object.position,
                help: "add `itemSchema:` (`x-itemSchema:` in OpenAPI 3.1)"
            )
            return nil
        }
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
        else {
            diagnostics.report(
                .unsupported, "events whose data is not described as JSON are not supported", at: data.keyPosition,
                help: "give `data` a `contentMediaType: application/json` and a `contentSchema`"
            )
            return nil
        }
        return .eventStream(data: types.use(of: content, hint: hint + " event"), terminator: object.terminator)
    }

    /// The words a content's case is named by.
    private func caseName(_ mediaType: String) -> String {
        switch mediaType {
        case "application/json": "json"
        case "application/x-www-form-urlencoded": "form"
        case "text/plain": "text"
        case "application/octet-stream": "binary"
        default: mediaType.split(separator: "/").last.map(String.init) ?? mediaType
        }
    }
}

extension TypeModeler {
    /// Can be written as text: a scalar, a string enum, or an array of these.
    func isTextual(_ use: TypeUse) -> Bool {
        if case .array(let element) = use.base { return isScalar(element) }
        return isScalar(use)
    }

    private func isScalar(_ use: TypeUse) -> Bool {
        switch use.base {
        case .string, .base64, .base64URL, .boolean, .integer, .number, .exactNumber, .dateTime: true
        case .named: stringEnum(of: use) != nil
        case .array, .map, .external, .any, .anyObject: false
        }
    }
}
