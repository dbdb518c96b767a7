import CodegenModel

/// Reads Channel Objects.
final class ChannelReader {
    let context: ReadContext
    let messages: MessageReader
    private var parameterSchemas: [ObjectIdentifier: DocumentNode] = [:]

    private var diagnostics: DiagnosticCollector { context.diagnostics }

    init(context: ReadContext, defaultContentType: String) {
        self.context = context
        messages = MessageReader(context: context, defaultContentType: defaultContentType)
    }

    func channel(_ member: DocumentNode.Member) -> ChannelObject? {
        guard let target = context.references.resolve(member.value),
            let reader = ObjectReader(target.node, as: AsyncAPIFields.channel, diagnostics: diagnostics)
        else { return nil }
        let address = reader["address"]
        var channel = ChannelObject(
            id: member.key, entry: member.value, node: target.node, position: member.keyPosition,
            addressPosition: address?.position ?? member.keyPosition
        )
        channel.summary = reader.string("summary") ?? reader.string("title")
        channel.description = reader.string("description")
        // `null` or absent: the address is known at run time only.
        if address?.scalar?.isNull == false { channel.address = reader.string("address") }
        channel.parameters = reader.members("parameters").compactMap(parameter)
        checkAddress(channel)
        if let bindings = reader["bindings"].flatMap({ context.reader(of: $0, as: AsyncAPIFields.bindings) }) {
            channel.webSocketBinding = bindings["ws"]
        }
        channel.servers = reader.elements("servers")
        channel.messages = reader.members("messages").compactMap(messages.message)
        channel.closeCodes = closeCodes(reader)
        channel.envelope = reader["x-message-envelope"].flatMap(envelope)
        return channel
    }

    // MARK: Parameters

    func parameter(_ member: DocumentNode.Member) -> ChannelParameter? {
        guard let target = context.references.resolve(member.value),
            let reader = ObjectReader(target.node, as: AsyncAPIFields.parameter, diagnostics: diagnostics)
        else { return nil }
        let location = reader["location"].flatMap { MessageExpression(context: context).location($0) }
        let hasSchema = reader["enum"] != nil || reader["default"] != nil
        return ChannelParameter(
            name: member.key, location: .path, position: member.keyPosition, isRequired: reader["default"] == nil,
            description: reader.string("description"), schema: hasSchema ? schema(of: reader) : nil, messageLocation: location?.location
        )
    }

    /// `enum` and `default` mean what they mean in a schema, whose type is always string.
    private func schema(of reader: ObjectReader) -> DocumentNode {
        if let known = parameterSchemas[reader.node.id] { return known }
        let node = reader.node
        var members = node.members.filter { ["description", "enum", "default"].contains($0.key) }
        members.insert(node.implied("type", node.implied(.scalar(Scalar(text: "string", isPlain: true)))), at: 0)
        let schema = node.implied(.mapping(members))
        parameterSchemas[node.id] = schema
        return schema
    }

    private func checkAddress(_ channel: ChannelObject) {
        guard let address = channel.address else { return }
        let names = PathTemplate.parameters(of: address)
        let declared = Set(channel.parameters.map(\.name))
        for name in names where !declared.contains(name) {
            diagnostics.report(
                .pathParameters, "`{\(name)}` of the address is not declared", at: channel.addressPosition,
                help: "add `\(name)` to the channel's `parameters`"
            )
        }
        for parameter in channel.parameters where !names.contains(parameter.name) {
            diagnostics.report(
                .pathParameters, "the address has no `{\(parameter.name)}`", at: parameter.position, help: "remove the parameter")
        }
    }

    /// The WebSockets channel binding 0.1.0: `query` and `headers` are object schemas whose properties are the parameters.
    func bindingParameters(_ node: DocumentNode) -> [ChannelParameter] {
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

    // MARK: Extensions

    private func closeCodes(_ reader: ObjectReader) -> [CloseCode] {
        var scope = NameScope(reserved: ["rawValue", "code", "allCases"])
        let codes = reader.members("x-close-codes").compactMap { member -> CloseCode? in
            guard let code = Int(member.key), (3000...4999).contains(code) else {
                diagnostics.report(
                    .closeCode, "`\(member.key)` is no code that an application may declare", at: member.keyPosition,
                    help: "use one from 4000 to 4999"
                )
                return nil
            }
            if let description = member.value.string {
                return CloseCode(code: code, swiftName: scope.claim(Namer.member("code \(code)")), description: description)
            }
            guard let object = context.reader(at: member.value, as: AsyncAPIFields.closeCode) else { return nil }
            let name = object.string("name") ?? "code \(code)"
            return CloseCode(code: code, swiftName: scope.claim(Namer.member(name)), description: object.string("description"))
        }
        return codes.sorted { $0.code < $1.code }
    }

    private func envelope(_ node: DocumentNode) -> MessageEnvelope? {
        guard let reader = context.reader(at: node, as: AsyncAPIFields.envelope), let payload = reader.requiredString("payload") else {
            return nil
        }
        return MessageEnvelope(
            position: node.position, type: reader.string("type"), headers: reader.string("headers") ?? "headers", payload: payload
        )
    }
}
