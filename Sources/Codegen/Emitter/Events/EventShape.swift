import CodegenModel

/// What a broker's operation looks like in Swift.
struct EventShape {
    let operation: EventOperation
    let channel: EventChannel
    let api: APIContext

    init?(_ operation: EventOperation, api: APIContext) {
        guard let channel = api.service.eventChannels.first(where: { $0.typeName == operation.channel }) else { return nil }
        self.operation = operation
        self.channel = channel
        self.api = api
    }

    /// `Events.LightTurnOn`.
    var channelPath: String { api.generatedType("Events.\(channel.typeName)") }
    var method: String { SwiftLiteral.identifier(operation.swiftName) }
    var label: String { SwiftLiteral.label(operation.swiftName) }

    /// Parameters that whoever publishes has to say.
    var parameters: [Parameter] { channel.parameters.filter { $0.location == nil }.map(\.parameter) }

    var messageType: String { api.messageType(operation.messages, named: operation.typeName) }
    func replyType(_ reply: EventReply) -> String { api.messageType(reply.messages, named: reply.typeName) }
}

extension APIContext {
    /// A message: its payload, or payload and headers.
    func messageType(_ message: Message) -> String {
        message.typeName.map { generatedType("Messages.\($0)") } ?? type(message.payload)
    }

    /// The only message of a set, or an enum of them.
    func messageType(_ set: MessageSet, named name: String) -> String {
        if set.union != nil { return generatedType("Events.\(name)") }
        return set.messages.first.map { messageType($0) } ?? supportType("JSONValue")
    }

    /// The members of a message's headers that are JSON in a header's text, not a text.
    func jsonHeaders(of message: Message) -> [String] {
        guard let headers = message.headers, case .named(let name) = resolve(headers).base,
            case .object(let object)? = declaration(name)?.kind
        else { return [] }
        return object.properties.filter { isJSON($0) }.map(\.name)
    }

    private func isJSON(_ property: Property) -> Bool {
        guard property.constant == nil else { return false }
        switch resolve(property.type).base {
        case .boolean, .integer, .number, .array, .map, .any, .anyObject: return true
        case .named(let name):
            if case .stringEnum? = declaration(name)?.kind { return false }
            return true
        default: return false
        }
    }
}
