import CodegenModel

/// Channels of brokers: their messages, a publisher and a dispatcher for the document's application, and for whoever is at the other end.
extension SourceFile {
    mutating func declareEvents() {
        let shapes = api.service.eventOperations.compactMap { EventShape($0, api: api) }
        guard !api.service.eventChannels.isEmpty else { return }
        separate()
        expose("APISupport")
        use("HTTPTypes")
        declareMessages(shapes)
        line("/// The channels of the document that a broker carries.")
        line("\(api.modifier)enum Events {}")
        for channel in api.service.eventChannels { declareEventChannel(channel) }
        for shape in shapes {
            declareMessageUnion(shape.operation.messages, named: shape.operation.typeName, of: shape.operation)
            if let reply = shape.operation.reply {
                declareMessageUnion(reply.messages, named: reply.typeName, of: shape.operation)
            }
        }
        guard !api.options.parts.isDisjoint(with: [.server, .client]) else { return }
        declareServers("EventServers", api.service.eventServers, "for what the application makes its `EventTransport` of")
        for role in EventRole.allCases {
            let published = shapes.filter { role.publishes($0.operation) }
            let handled = shapes.filter { !role.publishes($0.operation) }
            if !published.isEmpty { declarePublisher(published, role) }
            if !handled.isEmpty { declareDispatcher(handled, role) }
        }
    }

    // MARK: Messages

    private mutating func declareMessages(_ shapes: [EventShape]) {
        var seen: Set<String> = []
        let sets = shapes.flatMap { [$0.operation.messages] + ($0.operation.reply.map { [$0.messages] } ?? []) }
        let messages = sets.flatMap(\.messages).filter { $0.typeName.map { seen.insert($0).inserted } ?? false }
        guard !messages.isEmpty else { return }
        line("/// The messages of the document that have headers.")
        line("\(api.modifier)enum Messages {}")
        line("")
        for message in messages {
            guard let name = message.typeName, let headers = message.headers else { continue }
            block("extension \(api.generatedType("Messages"))") { file in
                file.documentation(message.description, message.isDeprecated ? "- Note: Deprecated." : nil)
                file.expose(headers)
                file.expose(message.payload)
                file.block("\(file.api.modifier)struct \(name): Sendable, Equatable") { file in
                    let members = [("headers", file.api.type(headers)), ("payload", file.api.type(message.payload))]
                    for (name, type) in members { file.line("\(file.api.modifier)var \(name): \(type)") }
                    file.declareMemberwiseInit(members.map { (name: $0.0, type: $0.1) })
                }
            }
            line("")
        }
    }

    private mutating func declareMessageUnion(_ set: MessageSet, named name: String, of operation: EventOperation) {
        guard let union = set.union else { return }
        let path = api.generatedType("Events.\(name)")
        line("")
        block("extension \(api.generatedType("Events"))") { file in
            file.documentation("The messages of `\(operation.id)`.")
            file.block("\(file.api.modifier)enum \(name): Sendable, Equatable") { file in
                for message in set.messages {
                    file.documentation(message.description)
                    file.expose(message.payload)
                    file.line("case \(SwiftLiteral.identifier(message.swiftName))(\(file.api.messageType(message)))")
                }
                file.line("")
                file.line("/// Without headers.")
                file.declareUnion("Payload", union, conformances: ", Equatable", isIndirect: false)
            }
        }
        conform(.union(union), "\(path).Payload")
    }

    // MARK: Channels

    private mutating func declareEventChannel(_ channel: EventChannel) {
        let parameters = channel.parameters.filter { $0.location == nil }.map(\.parameter)
        line("")
        block("extension \(api.generatedType("Events"))") { file in
            file.documentation(
                channel.summary, channel.description == channel.summary ? nil : channel.description,
                channel.address.map { "`\($0)`" } ?? "The address is known at run time only."
            )
            file.block("\(file.api.modifier)enum \(channel.typeName)") { file in
                if let address = channel.address {
                    file.line("/// The address template.")
                    file.line("\(file.api.modifier)static let address = \(SwiftLiteral.string(address))")
                }
                guard !parameters.isEmpty else { return }
                if channel.address != nil { file.line("") }
                file.line("/// The parameters of the address.")
                file.block("\(file.api.modifier)struct Parameters: Sendable") { file in
                    file.declareMemberwiseInit(file.declareParameters(parameters))
                }
            }
        }
        guard !parameters.isEmpty else { return }
        line("")
        block("extension \(api.generatedType("Events.\(channel.typeName)")).Parameters") { $0.readChannelParameters(parameters) }
    }
}

/// The two ends of a document's operations.
enum EventRole: String, CaseIterable {
    /// What the document describes: it publishes what it `send`s.
    case application = ""
    case peer = "Peer"

    func publishes(_ operation: EventOperation) -> Bool { (operation.action == .send) == (self == .application) }

    /// `EventPublisher`, `PeerPublisher`.
    func type(_ name: String) -> String { (self == .application ? "Event" : "Peer") + name }

    var subject: String {
        self == .application ? "the document's application" : "whoever is at the other end of the document's application"
    }
}
