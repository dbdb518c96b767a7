import CodegenModel

/// Makes the model's channels from AsyncAPI documents: WebSockets, and channels of brokers.
final class AsyncAPIModeler {
    struct Result {
        var channels: [Channel] = []
        var eventChannels: [EventChannel] = []
        var eventOperations: [EventOperation] = []
        /// Of WebSockets, and of brokers.
        var servers: [ServerObject] = []
        var eventServers: [ServerObject] = []
    }

    /// How a channel's messages travel.
    enum Transport {
        /// nil: the document names no server.
        case webSocket(AsyncServerObject?)
        case broker(protocols: [String])
    }

    let types: TypeModeler
    let security: SecurityModeler
    /// Protocols for which the application brings a transport, beside WebSockets: channels of others are left out. nil: not said.
    let transports: Set<String>?
    private let messages: MessageModeler
    private let webSockets: WebSocketModeler
    private let events: EventModeler

    private var diagnostics: DiagnosticCollector { types.diagnostics }

    init(types: TypeModeler, security: SecurityModeler, transports: Set<String>?) {
        self.types = types
        self.security = security
        self.transports = transports
        messages = MessageModeler(types: types)
        webSockets = WebSocketModeler(messages: messages, security: security)
        events = EventModeler(messages: messages)
    }

    func result(of document: AsyncAPIDocument) -> Result {
        let operations = operations(of: document)
        checkUse(document, operations)
        checkTransports(document)
        var webSocketChannels: [(ChannelObject, AsyncServerObject?)] = []
        var brokerChannels: [(ChannelObject, [String])] = []
        for channel in document.channels {
            switch transport(of: channel, in: document) {
            case .webSocket(let server): webSocketChannels.append((channel, server))
            case .broker(let protocols):
                guard isCarried(by: protocols) else { continue }
                brokerChannels.append((channel, protocols))
            }
        }
        var result = Result()
        result.servers = document.servers.filter(\.isWebSocket).map(\.location)
        result.eventServers = document.servers.filter { !$0.isWebSocket && isCarried(by: [$0.protocolName]) }.map(\.location)
        result.channels = webSockets.channels(webSocketChannels, operations: operations, document: document)
        (result.eventChannels, result.eventOperations) = events.model(brokerChannels, operations: operations)
        // Types for messages that no operation names.
        for channel in webSocketChannels.map(\.0) + brokerChannels.map(\.0) {
            for message in channel.messages { messages.declare(MessageEntry(message: message, channel: channel)) }
        }
        guard types.context.filter.isEmpty else { return result }
        for message in document.messages { messages.declare(MessageEntry(message: message, channel: nil)) }
        return result
    }

    // MARK: Operations

    /// The operations with their channels; those whose channel is not the document's are reported.
    private func operations(of document: AsyncAPIDocument) -> [BoundOperation] {
        document.operations.compactMap { operation in
            guard let channel = document.channels.first(where: { $0.node === operation.channel }) else {
                diagnostics.report(
                    .referenceUnresolved, "the operation's channel is not among the document's `channels`", at: operation.position)
                return nil
            }
            var bound = BoundOperation(
                object: operation, channel: channel, messages: entries(operation.messages, in: channel),
                serverReceives: (operation.action == .receive) != document.describesClient
            )
            if let reply = operation.reply { bound.reply = self.reply(reply, to: channel, in: document) }
            return bound
        }
    }

    private func reply(_ object: ReplyObject, to channel: ChannelObject, in document: AsyncAPIDocument) -> BoundReply {
        var target = channel
        if let node = object.channel {
            if let found = document.channels.first(where: { $0.node === node }) {
                target = found
            } else {
                diagnostics.report(
                    .referenceUnresolved, "the reply's channel is not among the document's `channels`", at: object.position)
            }
        }
        if object.channel == nil, object.messages == nil {
            diagnostics.report(
                .fieldMissing, "an Operation Reply Object needs `channel` or `messages`", at: object.position,
                help: "say by `messages` what is answered"
            )
        }
        return BoundReply(
            object: object, channel: object.channel == nil ? nil : target, messages: entries(object.messages, in: target))
    }

    /// An operation's messages are references into its channel's (AsyncAPI 3.0, Operation Object); all of them when it names none.
    private func entries(_ references: [DocumentNode]?, in channel: ChannelObject) -> [MessageEntry] {
        guard let references else { return channel.messages.map { MessageEntry(message: $0, channel: channel) } }
        return references.compactMap { reference in
            guard let pointer = reference["$ref"], let target = types.context.references.target(of: pointer) else {
                if reference["$ref"] == nil {
                    diagnostics.report(.wrongType, "an operation's message must be a reference", at: reference.position)
                }
                return nil
            }
            let message = channel.messages.first { $0.entry === target.node } ?? channel.messages.first { $0.node === target.node }
            guard let message else {
                diagnostics.report(
                    .referenceUnresolved, "the message is not among those of the operation's channel", at: pointer.position,
                    help: "refer to '#/channels/\(channel.id)/messages/…'"
                )
                return nil
            }
            return MessageEntry(message: message, channel: channel)
        }
    }

    private func checkUse(_ document: AsyncAPIDocument, _ operations: [BoundOperation]) {
        for channel in document.channels {
            let isUsed = operations.contains { $0.channel.node === channel.node || $0.reply?.channel?.node === channel.node }
            guard !isUsed else { continue }
            diagnostics.report(
                .channelUnused, "no operation names the channel `\(channel.id)`", at: channel.position,
                help: "add one under `operations`, or remove the channel"
            )
        }
    }

    // MARK: Transports

    private func transport(of channel: ChannelObject, in document: AsyncAPIDocument) -> Transport {
        let servers = servers(of: channel, in: document)
        let server = servers.first(where: \.isWebSocket)
        if server != nil || channel.webSocketBinding != nil { return .webSocket(server) }
        // Nothing says how: the path of a URL is a WebSocket's, any other address a broker's.
        if servers.isEmpty { return channel.address?.hasPrefix("/") == true ? .webSocket(nil) : .broker(protocols: []) }
        var protocols: [String] = []
        for server in servers where !protocols.contains(server.protocolName) { protocols.append(server.protocolName) }
        return .broker(protocols: protocols)
    }

    private func servers(of channel: ChannelObject, in document: AsyncAPIDocument) -> [AsyncServerObject] {
        guard !channel.servers.isEmpty else { return document.servers }
        return channel.servers.compactMap { reference in
            guard let target = types.context.references.resolve(reference)?.node else { return nil }
            if let server = document.servers.first(where: { $0.node === target || $0.entry === target }) { return server }
            diagnostics.report(
                .referenceUnresolved, "the server is not among the document's `servers`", at: reference.position)
            return nil
        }
    }

    /// Whether the application has a transport for one of these protocols, or may have one for a broker of any.
    private func isCarried(by protocols: [String]) -> Bool {
        guard let transports, !protocols.isEmpty else { return true }
        return !transports.isDisjoint(with: protocols)
    }

    private func checkTransports(_ document: AsyncAPIDocument) {
        guard transports == nil else { return }
        var seen: Set<String> = []
        for server in document.servers where !server.isWebSocket {
            guard seen.insert(server.protocolName).inserted else { continue }
            diagnostics.report(
                .transportMissing,
                "no transport is generated for `\(server.protocolName)`: its messages go through APISupport.EventTransport",
                at: server.protocolPosition,
                help:
                    "implement that, and write `transports: [\(server.protocolName)]` into codegen.yaml; `transports: []` leaves its channels out"
            )
        }
    }
}

/// A message and the channel that it was found in; nil: none.
struct MessageEntry {
    let message: MessageObject
    let channel: ChannelObject?
}

/// An operation with what it refers to.
struct BoundOperation {
    let object: AsyncOperationObject
    let channel: ChannelObject
    let messages: [MessageEntry]
    /// Whether the server is the one who receives them.
    let serverReceives: Bool
    var reply: BoundReply?
}

struct BoundReply {
    let object: ReplyObject
    /// nil: the operation's own, or known at run time only.
    let channel: ChannelObject?
    let messages: [MessageEntry]
}
