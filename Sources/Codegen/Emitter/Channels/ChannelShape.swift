import CodegenModel

/// What a channel's types look like in Swift.
struct ChannelShape {
    let channel: Channel
    let api: APIContext

    /// `Channels.Session`.
    var path: String { api.generatedType("Channels.\(channel.typeName)") }

    /// The name of the method, escaped.
    var method: String { SwiftLiteral.identifier(channel.swiftName) }

    /// The label that tells the channel's private methods apart.
    var label: String { SwiftLiteral.label(channel.swiftName) }

    /// The messages of one direction.
    enum Direction {
        /// The only message: its payload.
        case payload(TypeUse)
        /// Several messages, or one whose payload has constraints of its own.
        case union(UnionType)
        /// No message at all.
        case nothing
    }

    var fromClient: Direction { direction(channel.received) }
    var fromServer: Direction { direction(channel.sent) }

    func direction(_ set: MessageSet) -> Direction {
        guard let first = set.messages.first else { return .nothing }
        if let union = set.union { return .union(union) }
        if isDeclared(first.payload) { return .payload(first.payload) }
        return .union(UnionType(variants: [UnionType.Variant(swiftName: first.swiftName, type: first.payload)], selection: .jsonType))
    }

    /// Whether the payload's type reads and writes itself completely.
    private func isDeclared(_ use: TypeUse) -> Bool {
        let resolved = api.resolve(use)
        guard !resolved.isNullable, resolved.constraints.isEmpty else { return false }
        switch resolved.base {
        case .named, .external, .any, .anyObject: return true
        case .string, .base64, .base64URL, .boolean, .integer, .number, .exactNumber, .dateTime, .array, .map: return false
        }
    }
}
