import CodegenModel

/// Makes the model's channels from an AsyncAPI document.
struct AsyncAPIModeler {
    let types: TypeModeler
    let security: SecurityModeler

    private var diagnostics: DiagnosticCollector { types.diagnostics }

    init(types: TypeModeler, security: SecurityModeler) {
        self.types = types
        self.security = security
    }

    func channels(of document: AsyncAPIDocument) -> [Channel] {
        var methods = NameScope()
        var typeNames = NameScope()
        for operation in document.operations where !document.channels.contains(where: { $0.node === operation.channel }) {
            diagnostics.report(
                .referenceUnresolved, "the operation's channel is not among the document's `channels`", at: operation.position)
        }
        return document.channels.map { object in
            let operations = document.operations.filter { $0.channel === object.node }
            let received = messages(object, operations, action: .receive)
            let sent = messages(object, operations, action: .send)
            for (action, list) in [("receive", received), ("send", sent)] where list.isEmpty {
                diagnostics.report(
                    .channelDirection, "no operation with `action: \(action)` names the channel `\(object.id)`", at: object.position,
                    help: "add one under `operations`"
                )
            }
            var scope = NameScope()
            return Channel(
                id: object.id, swiftName: methods.claim(Namer.member(object.id)), typeName: typeNames.claim(Namer.type(object.id)),
                address: document.basePath + object.address, summary: object.summary, description: object.description,
                parameters: object.parameters.map { parameter($0, channel: object, scope: &scope) },
                received: messages(received, channel: object), sent: messages(sent, channel: object),
                receivedDiscriminator: discriminator(received), sentDiscriminator: discriminator(sent),
                security: security(operations, document: document), position: object.position
            )
        }
    }

    private func parameter(_ object: ChannelParameter, channel: ChannelObject, scope: inout NameScope) -> Parameter {
        ParameterModeler(types: types).parameter(
            object.name, in: object.location, schema: object.schema, isRequired: object.isRequired, description: object.description,
            hint: channel.id, scope: &scope
        )
    }

    // MARK: Messages

    /// The messages that the channel's operations with `action` name, each once, in the operations' order.
    private func messages(
        _ channel: ChannelObject, _ operations: [AsyncOperationObject], action: AsyncOperationObject.Action
    ) -> [MessageObject] {
        var found: [MessageObject] = []
        for operation in operations where operation.action == action {
            guard let references = operation.messages else {
                found += channel.messages.filter { message in !found.contains { $0.entry === message.entry } }
                continue
            }
            for reference in references {
                guard let message = message(reference, in: channel) else { continue }
                if !found.contains(where: { $0.entry === message.entry }) { found.append(message) }
            }
        }
        return found
    }

    /// An operation's messages are references into its channel's (AsyncAPI 3.0, Operation Object).
    private func message(_ reference: DocumentNode, in channel: ChannelObject) -> MessageObject? {
        guard let pointer = reference["$ref"], let target = types.context.references.target(of: pointer) else {
            if reference["$ref"] == nil {
                diagnostics.report(.wrongType, "an operation's message must be a reference", at: reference.position)
            }
            return nil
        }
        if let message = channel.messages.first(where: { $0.entry === target.node || $0.node === target.node }) { return message }
        diagnostics.report(
            .referenceUnresolved, "the message is not among those of the operation's channel", at: pointer.position,
            help: "refer to '#/channels/\(channel.id)/messages/…'"
        )
        return nil
    }

    private func messages(_ objects: [MessageObject], channel: ChannelObject) -> [Message] {
        var scope = NameScope()
        let property = discriminator(objects)
        let finder = DiscriminatorFinder(context: types.context)
        if objects.count > 1, property == nil, let first = objects.first {
            diagnostics.report(
                .unionAmbiguous, "the messages of this direction cannot be told apart", at: first.position,
                help: "give each payload a property such as `type` with a `const` of its own"
            )
        }
        return objects.map { object in
            let payload = object.payload.map { types.use(of: $0, hint: channel.id + " " + object.name) } ?? TypeUse(.any)
            let values = property.flatMap { property in object.payload.flatMap { finder.values(of: property, in: $0) } }
            return Message(
                name: object.name, swiftName: scope.claim(Namer.member(object.name)), description: object.description, payload: payload,
                discriminatorValues: values ?? []
            )
        }
    }

    private func discriminator(_ objects: [MessageObject]) -> String? {
        objects.count < 2 ? nil : DiscriminatorFinder(context: types.context).commonProperty(of: objects.compactMap(\.payload))
    }

    // MARK: Security

    /// A WebSocket is authenticated once, when it is opened: all operations of a channel must ask for the same.
    private func security(_ operations: [AsyncOperationObject], document: AsyncAPIDocument) -> [SecurityRequirement] {
        let all = operations.map { operation in
            security.requirements(operation.security ?? document.security ?? [], schemes: document.securitySchemes)
        }
        for (operation, requirements) in zip(operations, all).dropFirst() where requirements != all[0] {
            diagnostics.report(
                .securityConflict, "the operation asks for another security than the channel's first one", at: operation.position,
                help: "give all operations of a channel the same `security`"
            )
        }
        return all.first ?? []
    }
}
