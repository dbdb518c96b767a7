import CodegenModel

/// Reads an AsyncAPI document's objects from its nodes.
struct AsyncAPIReader {
    let context: ReadContext
    var diagnostics: DiagnosticCollector { context.diagnostics }

    func read(_ file: SourceFile) -> AsyncAPIDocument? {
        guard let reader = context.reader(at: file.root, as: AsyncAPIFields.document) else { return nil }
        var document = AsyncAPIDocument(file: file)
        if let version = reader.requiredString("asyncapi"), let node = reader["asyncapi"], !version.hasPrefix("3.") {
            diagnostics.report(.versionUnsupported, "AsyncAPI \(version) is not supported", at: node.position)
            return nil
        }
        if let info = reader.required("info").flatMap({ context.reader(at: $0, as: AsyncAPIFields.info) }) {
            document.title = info.requiredString("title") ?? ""
            document.version = info.requiredString("version") ?? ""
            document.description = info.string("description")
        }
        if let contentType = reader.string("defaultContentType"), let node = reader["defaultContentType"] {
            checkContentType(contentType, at: node)
        }
        let security = AsyncAPISecurityReader(context: context)
        if let components = reader["components"].flatMap({ context.reader(at: $0, as: AsyncAPIFields.components) }) {
            document.schemas = components.members("schemas")
            for member in components.members("securitySchemes") { document.securitySchemes[member.key] = security.scheme(member) }
        }
        readServers(reader, into: &document)
        document.channels = reader.members("channels").compactMap(channel)
        document.operations = reader.members("operations").compactMap(operation)
        return document
    }

    private func readServers(_ reader: ObjectReader, into document: inout AsyncAPIDocument) {
        for (index, member) in reader.members("servers").enumerated() {
            guard let server = context.reader(of: member.value, as: AsyncAPIFields.server) else { continue }
            if let name = server.requiredString("protocol"), name != "ws", name != "wss", let node = server["protocol"] {
                diagnostics.report(
                    .unsupported, "the protocol `\(name)` is not supported", at: node.position, help: "use ws or wss"
                )
            }
            guard index == 0 else { continue }
            document.basePath = server.string("pathname") ?? ""
            while document.basePath.hasSuffix("/") { document.basePath.removeLast() }
            if server["security"] != nil {
                document.security = server.elements("security").compactMap { AsyncAPISecurityReader(context: context).requirement($0) }
            }
        }
    }

    private func checkContentType(_ contentType: String, at node: DocumentNode) {
        let essence = contentType.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard essence != "application/json", !essence.hasSuffix("+json") else { return }
        diagnostics.report(
            .unsupported, "the content type \(contentType) is not supported", at: node.position, help: "use application/json")
    }

    // MARK: Channels

    private func channel(_ member: DocumentNode.Member) -> ChannelObject? {
        guard let target = context.references.resolve(member.value),
            let reader = ObjectReader(target.node, as: AsyncAPIFields.channel, diagnostics: diagnostics)
        else { return nil }
        var channel = ChannelObject(id: member.key, node: target.node, position: member.keyPosition)
        channel.summary = reader.string("summary") ?? reader.string("title")
        channel.description = reader.string("description")
        guard let address = reader.requiredString("address") else { return nil }
        channel.address = address
        channel.parameters = reader.members("parameters").compactMap(pathParameter)
        checkAddress(channel, at: reader["address"]?.position ?? member.keyPosition)
        if let bindings = reader["bindings"].flatMap({ context.reader(of: $0, as: AsyncAPIFields.channelBindings) }),
            let binding = bindings["ws"]
        {
            channel.parameters += bindingParameters(binding)
        }
        channel.messages = reader.members("messages").compactMap(message)
        return channel
    }

    private func pathParameter(_ member: DocumentNode.Member) -> ChannelParameter? {
        guard let reader = context.reader(of: member.value, as: AsyncAPIFields.parameter) else { return nil }
        // `enum` and `default` mean what they mean in a schema, whose type is always string.
        let schema = reader["enum"] == nil ? nil : reader.node
        return ChannelParameter(
            name: member.key, location: .path, position: member.keyPosition, isRequired: true, description: reader.string("description"),
            schema: schema
        )
    }

    private func checkAddress(_ channel: ChannelObject, at position: SourcePosition) {
        let names = PathTemplate.parameters(of: channel.address)
        let declared = Set(channel.parameters.map(\.name))
        for name in names where !declared.contains(name) {
            diagnostics.report(
                .pathParameters, "`{\(name)}` of the address is not declared", at: position,
                help: "add `\(name)` to the channel's `parameters`"
            )
        }
        for parameter in channel.parameters where !names.contains(parameter.name) {
            diagnostics.report(
                .pathParameters, "the address has no `{\(parameter.name)}`", at: parameter.position, help: "remove the parameter")
        }
    }

    /// The WebSockets channel binding 0.1.0: `query` and `headers` are object schemas whose properties are the parameters.
    private func bindingParameters(_ node: DocumentNode) -> [ChannelParameter] {
        guard let reader = context.reader(of: node, as: AsyncAPIFields.webSocketBinding) else { return [] }
        if let method = reader.string("method"), method.uppercased() != "GET", let node = reader["method"] {
            diagnostics.report(.unsupported, "a WebSocket is opened with GET, not \(method)", at: node.position, help: "write GET")
        }
        let places: [(ParameterLocation, String)] = [(.query, "query"), (.header, "headers")]
        return places.flatMap { location, key -> [ChannelParameter] in
            guard let target = reader[key].flatMap({ context.references.resolve($0) }) else { return [] }
            let object = MergedObject.of(context.schemas.schema(at: target.node), in: context)
            let required = Set(object.required.map(\.name))
            return object.properties.map { member in
                ChannelParameter(
                    name: member.key, location: location, position: member.keyPosition, isRequired: required.contains(member.key),
                    description: nil, schema: member.value
                )
            }
        }
    }

    private func message(_ member: DocumentNode.Member) -> MessageObject? {
        guard let target = context.references.resolve(member.value),
            let reader = ObjectReader(target.node, as: AsyncAPIFields.message, diagnostics: diagnostics)
        else { return nil }
        if let contentType = reader.string("contentType"), let node = reader["contentType"] { checkContentType(contentType, at: node) }
        return MessageObject(
            name: member.key, entry: member.value, node: target.node, position: member.keyPosition,
            description: reader.string("description") ?? reader.string("summary"), payload: reader.required("payload").flatMap(payload)
        )
    }

    /// A payload may be wrapped to say which schema language it is in.
    private func payload(_ node: DocumentNode) -> DocumentNode? {
        guard node["schemaFormat"] != nil, let reader = context.reader(at: node, as: AsyncAPIFields.multiFormatSchema) else { return node }
        if let format = reader.string("schemaFormat"), let node = reader["schemaFormat"] {
            let known = [
                "application/vnd.aai.asyncapi", "application/schema+json", "application/schema+yaml", "application/vnd.oai.openapi",
            ]
            if !known.contains(where: format.hasPrefix) {
                diagnostics.report(
                    .unsupported, "the schema format `\(format)` is not supported", at: node.position, help: "use JSON Schema")
            }
        }
        return reader.required("schema")
    }

    // MARK: Operations

    private func operation(_ member: DocumentNode.Member) -> AsyncOperationObject? {
        guard let reader = context.reader(of: member.value, as: AsyncAPIFields.operation), let text = reader.requiredString("action"),
            let channel = reader.required("channel").flatMap({ context.references.resolve($0) })
        else { return nil }
        guard let action = AsyncOperationObject.Action(rawValue: text) else {
            diagnostics.report(
                .wrongType, "`action` must be send or receive, not `\(text)`", at: reader["action"]?.position ?? member.keyPosition)
            return nil
        }
        return AsyncOperationObject(
            id: member.key, position: member.keyPosition, action: action, channel: channel.node,
            messages: reader["messages"] == nil ? nil : reader.elements("messages"),
            security: reader["security"] == nil
                ? nil : reader.elements("security").compactMap { AsyncAPISecurityReader(context: context).requirement($0) }
        )
    }
}
