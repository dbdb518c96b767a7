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

    var fromClient: Direction { direction(channel.received, channel.receivedDiscriminator) }
    var fromServer: Direction { direction(channel.sent, channel.sentDiscriminator) }

    private func direction(_ messages: [Message], _ discriminator: String?) -> Direction {
        guard let first = messages.first else { return .nothing }
        if messages.count == 1, discriminator == nil, isDeclared(first.payload) { return .payload(first.payload) }
        let variants = messages.map {
            UnionType.Variant(swiftName: $0.swiftName, type: $0.payload, discriminatorValues: $0.discriminatorValues)
        }
        return .union(UnionType(variants: variants, selection: discriminator.map { .property($0) } ?? .jsonType))
    }

    /// Whether the payload's type reads and writes itself completely.
    private func isDeclared(_ use: TypeUse) -> Bool {
        let resolved = api.resolve(use)
        guard !resolved.isNullable, resolved.constraints.isEmpty else { return false }
        switch resolved.base {
        case .named, .external, .any, .anyObject: return true
        case .string, .base64, .boolean, .integer, .number, .dateTime, .array, .map: return false
        }
    }
}
