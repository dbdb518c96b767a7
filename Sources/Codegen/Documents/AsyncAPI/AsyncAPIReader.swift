import CodegenModel

/// Reads an AsyncAPI document's objects from its nodes.
struct AsyncAPIReader {
    let context: ReadContext
    var diagnostics: DiagnosticCollector { context.diagnostics }

    func read(_ file: SourceFile) -> AsyncAPIDocument? {
        if let node = file.root["asyncapi"], let version = node.string, !version.hasPrefix("3.0."), !version.hasPrefix("3.1.") {
            let help = version.hasPrefix("2.") ? "convert it: `asyncapi convert \(file.path) --target-version=3.0.0`" : nil
            diagnostics.report(.versionUnsupported, "AsyncAPI \(version) is not supported", at: node.position, help: help)
            return nil
        }
        guard let reader = context.reader(at: file.root, as: AsyncAPIFields.document) else { return nil }
        var document = AsyncAPIDocument(file: file)
        _ = reader.requiredString("asyncapi")
        if let info = reader.required("info").flatMap({ context.reader(at: $0, as: AsyncAPIFields.info) }) {
            document.title = info.requiredString("title") ?? ""
            document.version = info.requiredString("version") ?? ""
            document.description = info.string("description")
        }
        document.describesClient = role(reader)
        document.defaultContentType = reader.string("defaultContentType") ?? document.defaultContentType
        document.servers = reader.members("servers").compactMap(server)
        readComponents(reader, into: &document)
        let operations = AsyncOperationReader(context: context)
        document.operations = reader.members("operations").filter(isSelected).compactMap(operations.operation)
        let channels = ChannelReader(context: context, defaultContentType: document.defaultContentType)
        document.channels = used(reader.members("channels"), by: document.operations).compactMap(channels.channel)
        return document
    }

    // MARK: Filter

    private func isSelected(_ member: DocumentNode.Member) -> Bool {
        guard !context.filter.isEmpty else { return context.countOperation(isSelected: true, at: member.keyPosition) }
        let subject = OperationFilter.Subject(member, references: context.references)
        context.subjects.append(subject)
        let isSelected = context.filter.selects(subject)
        return context.countOperation(isSelected: isSelected, at: member.keyPosition) && isSelected
    }

    /// The channels that are read: with a filter, those that an operation names which it lets through.
    private func used(_ channels: [DocumentNode.Member], by operations: [AsyncOperationObject]) -> [DocumentNode.Member] {
        guard !context.filter.isEmpty else { return channels }
        let used = Set(operations.flatMap { [$0.channel.id] + ($0.reply?.channel.map { [$0.id] } ?? []) })
        return channels.filter { channel in context.references.resolve(channel.value).map { used.contains($0.node.id) } ?? false }
    }

    /// `x-role`, whom the document describes.
    private func role(_ reader: ObjectReader) -> Bool {
        guard let role = reader.string("x-role"), let node = reader["x-role"] else { return false }
        if role != "client", role != "server" {
            diagnostics.report(.wrongType, "`x-role` must be client or server, not `\(role)`", at: node.position)
        }
        return role == "client"
    }

    // MARK: Components

    /// Reads every component, used or not: what is wrong with one is found before it is used.
    private func readComponents(_ reader: ObjectReader, into document: inout AsyncAPIDocument) {
        guard let components = reader["components"].flatMap({ context.reader(at: $0, as: AsyncAPIFields.components) }) else { return }
        let security = AsyncAPISecurityReader(context: context)
        let channels = ChannelReader(context: context, defaultContentType: document.defaultContentType)
        let operations = AsyncOperationReader(context: context)
        document.schemas = components.members("schemas").compactMap { member in
            MultiFormatSchema(context: context).schema(member.value).map { $0 === member.value ? member : member.with($0) }
        }
        for member in components.members("securitySchemes") { document.securitySchemes[member.key] = security.scheme(member) }
        // With a filter, a component is read where it is used.
        guard context.filter.isEmpty else { return }
        document.messages = components.members("messages").compactMap(channels.messages.message)
        for member in components.members("servers") { _ = server(member) }
        for member in components.members("channels") { _ = channels.channel(member) }
        for member in components.members("operations") { _ = operations.operation(member) }
        for member in components.members("parameters") { _ = channels.parameter(member) }
        for member in components.members("serverVariables") { _ = context.reader(of: member.value, as: AsyncAPIFields.serverVariable) }
        for member in components.members("correlationIds") { _ = channels.messages.correlation(member.value) }
        for member in components.members("replies") { _ = operations.reply(member.value) }
        for member in components.members("replyAddresses") { _ = operations.address(member.value) }
        for member in components.members("operationTraits") { _ = context.reader(of: member.value, as: AsyncAPIFields.operationTrait) }
        for member in components.members("messageTraits") { _ = context.reader(of: member.value, as: AsyncAPIFields.messageTrait) }
        for kind in ["serverBindings", "channelBindings", "operationBindings", "messageBindings"] {
            for member in components.members(kind) { _ = context.reader(of: member.value, as: AsyncAPIFields.bindings) }
        }
    }

    // MARK: Servers

    private func server(_ member: DocumentNode.Member) -> AsyncServerObject? {
        guard let target = context.references.resolve(member.value),
            let reader = ObjectReader(target.node, as: AsyncAPIFields.server, diagnostics: diagnostics)
        else { return nil }
        let host = reader.requiredString("host") ?? ""
        _ = reader["bindings"].flatMap { context.reader(of: $0, as: AsyncAPIFields.bindings) }
        guard let name = reader.requiredString("protocol"), let position = reader["protocol"]?.position else { return nil }
        let pathname = reader.string("pathname") ?? ""
        let url = "\(name)://\(host)\(pathname.isEmpty || pathname.hasPrefix("/") ? "" : "/")\(pathname)"
        let variables = variables(reader, of: url, at: reader["host"]?.position ?? position)
        let location = ServerObject(
            url: url, position: position, name: member.key,
            description: reader.string("description") ?? reader.string("summary") ?? reader.string("title"), variables: variables
        )
        return AsyncServerObject(
            name: member.key, entry: member.value, node: target.node, protocolName: name, protocolPosition: position, location: location,
            security: AsyncAPISecurityReader(context: context).requirements(reader, owner: member.key)
        )
    }

    private func variables(_ server: ObjectReader, of url: String, at position: SourcePosition) -> [ServerObject.Variable] {
        var variables = server.members("variables").compactMap { member -> ServerObject.Variable? in
            guard let object = context.reader(of: member.value, as: AsyncAPIFields.serverVariable) else { return nil }
            let values = object.elements("enum").compactMap { $0.scalar?.text }
            return ServerObject.Variable(
                name: member.key, description: object.string("description"),
                defaultValue: object["default"]?.scalar?.text ?? values.first ?? "", values: values
            )
        }
        for name in PathTemplate.parameters(of: url) where !variables.contains(where: { $0.name == name }) {
            context.diagnostics.report(
                .serverVariable, "`{\(name)}` of the server is not declared", at: position,
                help: "add `\(name): {default: …}` to `variables`"
            )
            variables.append(ServerObject.Variable(name: name, description: nil, defaultValue: "", values: []))
        }
        return variables
    }
}
