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
        if reader["paths"] == nil, reader["components"] == nil, reader["webhooks"] == nil { _ = reader.required("paths") }
        document.basePath = basePath(reader.elements("servers"))
        if let components = reader["components"].flatMap({ context.reader(at: $0, as: OpenAPIFields.components) }) {
            document.schemas = components.members("schemas")
            let security = SecurityReader(context: context)
            for member in components.members("securitySchemes") {
                document.securitySchemes[member.key] = security.scheme(member)
            }
        }
        document.security = security(reader)
        document.pathItems = reader.members("paths").compactMap(pathItem)
        return document
    }

    private func checkVersion(_ reader: ObjectReader) {
        guard let version = reader.requiredString("openapi"), let node = reader["openapi"] else { return }
        guard version.hasPrefix("3.0.") || version.hasPrefix("3.1.") || version.hasPrefix("3.2.") else {
            diagnostics.report(.versionUnsupported, "OpenAPI \(version) is not supported", at: node.position)
            return
        }
    }

    /// `http://localhost:8000/api/v1/` gives `/api/v1`; variables take their defaults.
    private func basePath(_ servers: [DocumentNode]) -> String {
        guard let first = servers.first, let server = context.reader(at: first, as: OpenAPIFields.server),
            var url = server.requiredString("url")
        else { return "" }
        for variable in server.members("variables") {
            url = url.replacing("{\(variable.key)}", with: variable.value["default"]?.string ?? "")
        }
        if let authority = url.firstRange(of: "://") {
            url = url[authority.upperBound...].firstIndex(of: "/").map { String(url[$0...]) } ?? ""
        }
        while url.hasSuffix("/") { url.removeLast() }
        return url.isEmpty || url.hasPrefix("/") ? url : "/" + url
    }

    private func pathItem(_ member: DocumentNode.Member) -> OpenAPIDocument.PathItem? {
        if member.key.hasPrefix("x-") { return nil }
        guard let reader = context.reader(of: member.value, as: OpenAPIFields.pathItem) else { return nil }
        if !member.key.hasPrefix("/") {
            diagnostics.report(.pathTemplate, "a path begins with `/`", at: member.keyPosition, help: "write '/\(member.key)'")
        }
        var item = OpenAPIDocument.PathItem(path: member.key, position: member.keyPosition)
        item.parameters = reader.elements("parameters").compactMap(parameter)
        for method in reader.node.members where OpenAPIFields.methods.contains(method.key) {
            if let operation = operation(method) { item.operations.append(operation) }
        }
        return item
    }

    private func operation(_ member: DocumentNode.Member) -> OperationObject? {
        guard let reader = context.reader(at: member.value, as: OpenAPIFields.operation) else { return nil }
        var operation = OperationObject(
            method: member.key.uppercased(), position: member.keyPosition,
            responsesPosition: reader.node.member("responses")?.keyPosition ?? member.keyPosition
        )
        if let id = reader.string("operationId"), let node = reader["operationId"] { operation.operationID = (id, node.position) }
        operation.summary = reader.string("summary")
        operation.description = reader.string("description")
        operation.tags = reader.strings("tags")
        operation.isDeprecated = reader.boolean("deprecated") ?? false
        operation.parameters = reader.elements("parameters").compactMap(parameter)
        operation.requestBody = reader["requestBody"].flatMap(requestBody)
        operation.responses = reader.members("responses").compactMap(response)
        if operation.responses.isEmpty {
            diagnostics.report(
                .fieldMissing, "the operation declares no response", at: operation.responsesPosition, help: "add `responses:`")
        }
        operation.security = security(reader)
        operation.maxBodySize = reader.count("x-max-body-size")
        return operation
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
                .wrongType, "`in` must be path, query, header or cookie, not `\(place)`", at: reader["in"]?.position ?? reader.node.position
            )
            return nil
        }
        ParameterStyle.check(reader, location: location)
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
        return ParameterObject(
            node: reader.node, name: name, location: location, isRequired: isRequired || location == .path,
            description: reader.string("description"), schema: reader["content"] == nil ? reader.required("schema") : nil
        )
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
        let essence = member.key.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        return MediaTypeObject(
            mediaType: essence, position: member.keyPosition, schema: reader["schema"],
            itemSchema: reader["itemSchema"] ?? reader["x-itemSchema"], terminator: reader.string("x-terminator")
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
        _ = reader.required("description")
        return ResponseObject(
            status: status, position: member.keyPosition, description: reader.string("description"),
            headers: reader.members("headers").compactMap(header), content: reader.members("content").compactMap(mediaType)
        )
    }

    private func header(_ member: DocumentNode.Member) -> HeaderObject? {
        // OpenAPI: "Content-Type" in a response's headers is ignored.
        if member.key.lowercased() == "content-type" { return nil }
        guard let reader = context.reader(of: member.value, as: OpenAPIFields.header) else { return nil }
        ParameterStyle.check(reader, location: .header)
        return HeaderObject(
            name: member.key, position: member.keyPosition, isRequired: reader.boolean("required") ?? false,
            description: reader.string("description"), schema: reader["content"] == nil ? reader.required("schema") : nil
        )
    }
}
