import CodegenModel

/// Reads an OpenAPI document's objects from its nodes.
struct OpenAPIReader {
    let context: ReadContext
    var diagnostics: DiagnosticCollector { context.diagnostics }

    func read(_ file: SourceFile) -> OpenAPIDocument? {
        guard let reader = context.reader(at: file.root, as: OpenAPIFields.document) else { return nil }
        var document = OpenAPIDocument(file: file)
        checkVersion(reader)
        if let info = reader.required("info").flatMap({ context.reader(at: $0, as: OpenAPIFields.info) }) {
            document.title = info.requiredString("title") ?? ""
            document.version = info.requiredString("version") ?? ""
            document.description = info.string("description")
        }
        document.selfURI = reader.string("$self")
        document.selfURI.map { context.references.register(file, as: $0) }
        document.servers = servers(reader) ?? []
        TagReader(context: context).check(reader.elements("tags"))
        if let components = reader["components"].flatMap({ context.reader(at: $0, as: OpenAPIFields.components) }) {
            document.schemas = components.members("schemas")
            let security = SecurityReader(context: context)
            for member in components.members("securitySchemes") {
                document.securitySchemes[member.key] = security.scheme(member)
            }
        }
        document.security = security(reader)
        document.pathItems = reader.members("paths").compactMap { member in
            if !member.key.hasPrefix("/"), !member.key.hasPrefix("x-") {
                diagnostics.report(.pathTemplate, "a path begins with `/`", at: member.keyPosition, help: "write '/\(member.key)'")
            }
            return pathItem(member)
        }
        document.webhooks = reader.members("webhooks").compactMap { pathItem($0, name: $0.key) }
        return document
    }

    private func checkVersion(_ reader: ObjectReader) {
        guard let version = reader.requiredString("openapi"), let node = reader["openapi"] else { return }
        guard version.hasPrefix("3.0.") || version.hasPrefix("3.1.") || version.hasPrefix("3.2.") else {
            diagnostics.report(.versionUnsupported, "OpenAPI \(version) is not supported", at: node.position)
            return
        }
    }

    /// `servers` of the document, a path or an operation; nil when absent.
    private func servers(_ reader: ObjectReader) -> [ServerObject]? {
        guard reader["servers"] != nil else { return nil }
        return ServerReader(context: context).servers(reader.elements("servers"))
    }

    // MARK: Paths and operations

    private func pathItem(_ member: DocumentNode.Member, name: String? = nil) -> OpenAPIDocument.PathItem? {
        if member.key.hasPrefix("x-") || context.isExhausted { return nil }
        guard let reader = context.reader(of: member.value, as: OpenAPIFields.pathItem) else { return nil }
        // Fields beside a path item's `$ref` count too (OpenAPI 3.1, section 4.8.9.1).
        let beside = member.value.id == reader.node.id ? nil : context.reader(at: member.value, as: OpenAPIFields.pathItem)
        var item = OpenAPIDocument.PathItem(path: member.key, position: member.keyPosition, name: name)
        item.servers = beside.flatMap(servers) ?? servers(reader)
        item.parameters = ([reader] + (beside.map { [$0] } ?? [])).flatMap { $0.elements("parameters") }.compactMap(parameter)
        for (method, node, position) in methods(reader) + (beside.map(methods) ?? []) {
            guard let operation = operation(method, node, position, path: member.key) else { continue }
            if let index = item.operations.firstIndex(where: { $0.method == method }) {
                item.operations[index] = operation
            } else {
                item.operations.append(operation)
            }
        }
        return item
    }

    /// The operations of a path item that the filter lets through, in document order; those of `additionalOperations` last.
    private func methods(_ reader: ObjectReader) -> [(method: String, node: DocumentNode, position: SourcePosition)] {
        let fixed = reader.node.members.filter { OpenAPIFields.methods.contains($0.key) }
        let additional = reader.members("additionalOperations").filter { !$0.key.hasPrefix("x-") }
        return fixed.map { ($0.key.uppercased(), $0.value, $0.keyPosition) }
            + additional.filter { HTTPToken.isValid($0.key) }.map { ($0.key, $0.value, $0.keyPosition) }
    }

    private func operation(_ method: String, _ node: DocumentNode, _ position: SourcePosition, path: String) -> OperationObject? {
        let subject = OperationFilter.Subject(node: node, method: method, path: path)
        if !context.filter.isEmpty { context.subjects.append(subject) }
        let isSelected = context.filter.selects(subject)
        guard context.countOperation(isSelected: isSelected, at: position), isSelected else { return nil }
        diagnostics.begin(.operation(subject.name))
        defer { diagnostics.end() }
        guard let reader = context.reader(of: node, as: OpenAPIFields.operation) else { return nil }
        var operation = OperationObject(
            node: reader.node, method: method, position: position,
            responsesPosition: reader.node.member("responses")?.keyPosition ?? position
        )
        if let id = reader.string("operationId"), let node = reader["operationId"] { operation.operationID = (id, node.position) }
        operation.summary = reader.string("summary")
        operation.description = reader.string("description")
        operation.tags = reader.strings("tags")
        operation.isDeprecated = reader.boolean("deprecated") ?? false
        operation.parameters = reader.elements("parameters").compactMap(parameter)
        operation.requestBody = reader["requestBody"].flatMap(requestBody)
        operation.responses = reader.members("responses").compactMap(response)
        operation.security = security(reader)
        operation.servers = servers(reader)
        operation.maxBodySize = reader.count("x-max-body-size")
        operation.callbacks = reader.members("callbacks").compactMap(callback)
        return operation
    }

    /// OpenAPI 3.1, section 4.8.18: its keys are runtime expressions.
    private func callback(_ member: DocumentNode.Member) -> CallbackObject? {
        guard let node = context.references.resolve(member.value)?.node else { return nil }
        if let items = context.callbacks[node.id] { return CallbackObject(name: member.key, position: member.keyPosition, items: items) }
        guard node.isMapping else {
            diagnostics.report(.wrongType, "a Callback Object must be an object, not \(node.kindDescription)", at: node.position)
            return nil
        }
        // A callback whose operations have itself as a callback adds nothing new.
        context.callbacks[node.id] = []
        guard context.callbackDepth < 32 else {
            diagnostics.report(.documentTooLarge, "callbacks of callbacks are nested more than 32 levels deep", at: member.keyPosition)
            return nil
        }
        context.callbackDepth += 1
        defer { context.callbackDepth -= 1 }
        let items = node.members.compactMap { pathItem($0, name: member.key) }
        context.callbacks[node.id] = items
        return CallbackObject(name: member.key, position: member.keyPosition, items: items)
    }

    private func security(_ reader: ObjectReader) -> [SecurityRequirementObject]? {
        guard reader["security"] != nil else { return nil }
        return reader.elements("security").map { SecurityReader(context: context).requirement($0) }
    }

    private func parameter(_ node: DocumentNode) -> ParameterObject? {
        guard let reader = context.reader(of: node, as: OpenAPIFields.parameter), let name = reader.requiredString("name"),
            let place = reader.requiredString("in")
        else { return nil }
        guard let location = ParameterLocation(rawValue: place) else {
            diagnostics.report(
                .wrongType, "`in` must be path, query, header, cookie or querystring, not `\(place)`",
                at: reader["in"]?.position ?? reader.node.position
            )
            return nil
        }
        if location == .header, ["accept", "content-type", "authorization"].contains(name.lowercased()) {
            diagnostics.report(
                .headerIgnored, "a header parameter `\(name)` is ignored: the media types and `security` say it", at: reader.node.position
            )
            return nil
        }
        let isRequired = reader.boolean("required") ?? false
        if location == .path, !isRequired {
            diagnostics.report(
                .pathParameters, "the path parameter `\(name)` must be required", at: reader.node.position, help: "add `required: true`")
        }
        let (schema, encoding) = schema(reader, in: location, default: location == .querystring ? nil : .standard(location))
        return ParameterObject(
            node: reader.node, name: name, location: location, isRequired: isRequired || location == .path,
            description: reader.string("description"), schema: schema, encoding: encoding,
            allowsEmptyValue: reader.boolean("allowEmptyValue") ?? false
        )
    }

    /// What a parameter or header holds, and how: by `schema` and a style, or by the one media type of `content`.
    private func schema(
        _ reader: ObjectReader, in location: ParameterLocation, default standard: ParameterEncoding?
    ) -> (DocumentNode?, ParameterEncoding) {
        guard reader["content"] != nil || standard == nil else {
            return (reader.required("schema"), ParameterEncodingReader(reader: reader).encoding(in: location))
        }
        let fallback = standard ?? .json
        guard let content = reader.required("content"), let member = reader.members("content").first,
            let object = mediaType(member)
        else { return (nil, fallback) }
        if reader.members("content").count > 1 {
            diagnostics.report(.wrongType, "`content` must have one media type", at: content.position, help: "remove the others")
        }
        if MediaTypeObject.isJSON(object.mediaType) { return (object.schema, .json) }
        if object.mediaType == "application/x-www-form-urlencoded", location == .querystring {
            return (object.schema, .form(fields(object)))
        }
        if object.mediaType.hasPrefix("text/"), location != .querystring { return (object.schema, fallback) }
        diagnostics.report(
            .unsupported, "a \(location.rawValue) parameter of the media type \(object.mediaType) is not supported", at: member.keyPosition,
            help: "use application/json"
        )
        return (nil, fallback)
    }

    /// The Encoding Objects of a form.
    func fields(_ object: MediaTypeObject) -> [FieldEncoding] {
        object.encoding.compactMap { member in
            context.reader(of: member.value, as: OpenAPIFields.encoding).flatMap {
                ParameterEncodingReader(reader: $0).field(member.key)
            }
        }
    }

    private func requestBody(_ node: DocumentNode) -> RequestBodyObject? {
        guard let reader = context.reader(of: node, as: OpenAPIFields.requestBody) else { return nil }
        _ = reader.required("content")
        return RequestBodyObject(
            node: reader.node, isRequired: reader.boolean("required") ?? false, description: reader.string("description"),
            content: reader.members("content").compactMap(mediaType)
        )
    }

    private func mediaType(_ member: DocumentNode.Member) -> MediaTypeObject? {
        guard let reader = context.reader(of: member.value, as: OpenAPIFields.mediaType) else { return nil }
        var parts = member.key.split(separator: ";", omittingEmptySubsequences: false).map { part in
            part.filter { $0 != " " }
        }
        let essence = parts.removeFirst().lowercased()
        return MediaTypeObject(
            mediaType: essence, mediaTypeParameters: parts.filter { !$0.isEmpty && !$0.lowercased().hasPrefix("charset=") },
            position: member.keyPosition, schema: reader["schema"],
            itemSchema: reader["itemSchema"] ?? reader["x-itemSchema"], terminator: reader.string("x-terminator"),
            isStreamed: reader.boolean("x-streaming") ?? false, emptyIsAbsent: reader.boolean("x-empty-as-absent") ?? false,
            encoding: reader.members("encoding"),
            positionalEncoding: ["prefixEncoding", "itemEncoding"].compactMap(reader.node.member)
        )
    }

    private func response(_ member: DocumentNode.Member) -> ResponseObject? {
        if member.key.hasPrefix("x-") { return nil }
        guard let status = ResponseStatus.parse(member.key) else {
            diagnostics.report(
                .responseStatus, "`\(member.key)` is no status", at: member.keyPosition,
                help: "write a code such as '200', a range such as '4XX', or default"
            )
            return nil
        }
        guard let reader = context.reader(of: member.value, as: OpenAPIFields.response) else { return nil }
        return ResponseObject(
            status: status, position: member.keyPosition, description: reader.string("description"),
            headers: reader.members("headers").compactMap(header), content: reader.members("content").compactMap(mediaType),
            links: reader.members("links").compactMap(link)
        )
    }

    private func link(_ member: DocumentNode.Member) -> LinkObject? {
        guard let reader = context.reader(of: member.value, as: OpenAPIFields.link) else { return nil }
        if let server = reader.node.member("server") {
            diagnostics.report(
                .linkUnusable, "`server` of a link is not followed: its accessor gives an input, which any client may send",
                at: server.keyPosition, help: "make a client for that server"
            )
        }
        return LinkObject(
            name: member.key, position: member.keyPosition, description: reader.string("description"),
            operationID: reader["operationId"], operationReference: reader["operationRef"], parameters: reader.members("parameters"),
            requestBody: reader["requestBody"]
        )
    }

    private func header(_ member: DocumentNode.Member) -> HeaderObject? {
        // OpenAPI: "Content-Type" in a response's headers is ignored.
        if member.key.lowercased() == "content-type" { return nil }
        guard let reader = context.reader(of: member.value, as: OpenAPIFields.header) else { return nil }
        let (schema, encoding) = schema(reader, in: .header, default: .standard(.header))
        return HeaderObject(
            name: member.key, position: member.keyPosition, isRequired: reader.boolean("required") ?? false,
            description: reader.string("description"), schema: schema, encoding: encoding
        )
    }
}
