import CodegenModel

/// Makes the model's channels of brokers, and the operations on them.
final class EventModeler {
    private let messages: MessageModeler
    private var typeNames = NameScope()
    private var methods = NameScope()

    private var types: TypeModeler { messages.types }

    init(messages: MessageModeler) { self.messages = messages }

    func model(_ channels: [(ChannelObject, [String])], operations: [BoundOperation]) -> ([EventChannel], [EventOperation]) {
        var modelled: [EventChannel] = []
        var names: [ObjectIdentifier: EventChannel] = [:]
        for (channel, protocols) in channels {
            let name = typeNames.claim(Namer.type(channel.id))
            let event = EventChannel(
                id: channel.id, typeName: name, address: channel.address, summary: channel.summary, description: channel.description,
                parameters: parameters(channel), protocols: protocols, position: channel.position
            )
            modelled.append(event)
            names[channel.node.id] = event
        }
        let eventOperations = operations.compactMap { operation in
            names[operation.channel.node.id].map { self.operation(operation, on: $0, channels: names) }
        }
        return (modelled, eventOperations)
    }

    private func parameters(_ channel: ChannelObject) -> [EventParameter] {
        var scope = NameScope()
        return channel.parameters.map { object in
            let parameter = ParameterModeler(types: types).parameter(
                object.name, in: .path, schema: object.schema, isRequired: object.isRequired, description: object.description,
                hint: channel.id, scope: &scope
            )
            return EventParameter(parameter, location: object.messageLocation)
        }
    }

    private func operation(
        _ operation: BoundOperation, on channel: EventChannel, channels: [ObjectIdentifier: EventChannel]
    ) -> EventOperation {
        let object = operation.object
        types.diagnostics.begin(.operation(object.id))
        defer { types.diagnostics.end() }
        messages.checkAlone(operation.messages, among: operation.messages)
        let typeName = typeNames.claim(Namer.type(object.id) + "Message")
        return EventOperation(
            id: object.id, swiftName: methods.claim(Namer.member(object.id)), typeName: typeName, summary: object.summary,
            description: object.description, action: object.action == .send ? .send : .receive, channel: channel.typeName,
            messages: messages.events(operation.messages, name: typeName),
            reply: operation.reply.map { reply($0, to: operation, channels: channels) }
        )
    }

    private func reply(
        _ reply: BoundReply, to operation: BoundOperation, channels: [ObjectIdentifier: EventChannel]
    ) -> EventReply {
        let channel = reply.channel.flatMap { channels[$0.node.id] }
        // An address with parameters is known only to whoever asks.
        let address = channel?.parameters.isEmpty == true ? channel?.address : nil
        if address == nil, reply.object.address == nil {
            types.diagnostics.report(
                .fieldMissing, "nothing says where the reply goes", at: reply.object.position,
                help: "add `address: {location: '$message.header#/replyTo'}`, or a channel with a fixed address"
            )
        }
        messages.checkAlone(reply.messages, among: reply.messages)
        let typeName = typeNames.claim(Namer.type(operation.object.id) + "Reply")
        return EventReply(
            typeName: typeName, address: address, addressLocation: reply.object.address?.location,
            messages: messages.events(reply.messages, name: typeName),
            correlation: messages.correlation(of: operation.messages, replies: reply.messages, operation: operation.object)
        )
    }
}
