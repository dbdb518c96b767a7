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
        if let contentType = reader.string("defaultContentType"), let node = reader["defaultContentType"] {
            document.defaultContentType = contentType
            MessageReader(context: context, defaultContentType: contentType).check(contentType, at: node)
        }
        document.servers = reader.members("servers").compactMap(server)
        readComponents(reader, into: &document)
        let channels = ChannelReader(context: context, defaultContentType: document.defaultContentType)
        document.channels = reader.members("channels").compactMap(channels.channel)
        let operations = AsyncOperationReader(context: context)
        document.operations = reader.members("operations").compactMap(operations.operation)
        return document
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
        _ = reader.requiredString("host")
        _ = reader["bindings"].flatMap { context.reader(of: $0, as: AsyncAPIFields.bindings) }
        guard let name = reader.requiredString("protocol"), let position = reader["protocol"]?.position else { return nil }
        var pathname = reader.string("pathname") ?? ""
        for variable in reader.members("variables") {
            guard let object = context.reader(of: variable.value, as: AsyncAPIFields.serverVariable) else { continue }
            let value = object.string("default") ?? object.strings("enum").first ?? ""
            pathname = pathname.replacing("{\(variable.key)}", with: value)
        }
        while pathname.hasSuffix("/") { pathname.removeLast() }
        return AsyncServerObject(
            name: member.key, entry: member.value, node: target.node, protocolName: name, protocolPosition: position, pathname: pathname,
            security: AsyncAPISecurityReader(context: context).requirements(reader, owner: member.key)
        )
    }
}
