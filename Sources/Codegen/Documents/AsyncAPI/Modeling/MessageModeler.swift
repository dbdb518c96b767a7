import CodegenModel

/// Makes the model's messages: payload and headers, what tells several apart, and what pairs a reply with its request.
final class MessageModeler {
    let types: TypeModeler
    private var names = NameScope()
    /// Names in `Messages` of messages with headers.
    private var typeNames: [ObjectIdentifier: String] = [:]
    private var envelopes: [Enveloped: DocumentNode] = [:]

    private struct Enveloped: Hashable {
        let channel: ObjectIdentifier
        let message: ObjectIdentifier
    }

    var diagnostics: DiagnosticCollector { types.diagnostics }
    var context: ReadContext { types.context }

    init(types: TypeModeler) { self.types = types }

    /// Makes the types of a message that need not be part of any operation, and checks its examples.
    func declare(_ entry: MessageEntry) {
        let message = entry.message
        if let payload = message.payload { _ = types.use(of: payload, hint: hint(entry)) }
        if let headers = message.headers { _ = types.use(of: headers, hint: hint(entry) + " headers") }
        if let correlation = message.correlation, schemas(at: correlation.location, of: message).isEmpty {
            diagnostics.report(
                .locationUndeclared,
                "the message's \(correlation.location.source == .header ? "headers have" : "payload has") no "
                    + "`\(correlation.location.path.joined(separator: "/"))`",
                at: correlation.position
            )
        }
        let checker = ExampleChecker(context: context)
        for example in message.examples {
            guard let reader = context.reader(of: example, as: AsyncAPIFields.messageExample) else { continue }
            if let value = reader["payload"], let schema = message.payload { checker.check(value, against: schema) }
            if let value = reader["headers"], let schema = message.headers { checker.check(value, against: schema) }
        }
    }

    // MARK: Sets

    /// The messages that go over a broker.
    func events(_ entries: [MessageEntry], name: String) -> MessageSet {
        set(entries, name: name) { entry, message in
            guard let headers = entry.message.headers else { return }
            message.headers = types.use(of: headers, hint: hint(entry) + " headers")
            message.typeName = typeName(entry)
        }
    }

    /// The messages that go over a WebSocket, whose frames have no headers of their own.
    /// - Parameter cases: What the messages are called in a larger set that they are part of.
    func frames(_ entries: [MessageEntry], name: String, cases: [ObjectIdentifier: String] = [:]) -> MessageSet {
        set(entries, name: name, cases: cases, text: TypeUse(.external("APISupport.TextMessage"))) { _, _ in }
    }

    /// What the messages of a set made of `entries` are called.
    func cases(of set: MessageSet, _ entries: [MessageEntry]) -> [ObjectIdentifier: String] {
        let names = zip(distinct(entries), set.messages).map { ($0.message.node.id, $1.swiftName) }
        return Dictionary(names, uniquingKeysWith: { first, _ in first })
    }

    private func set(
        _ entries: [MessageEntry], name: String, cases: [ObjectIdentifier: String] = [:], text: TypeUse = TypeUse(.string),
        _ complete: (MessageEntry, inout Message) -> Void
    ) -> MessageSet {
        var scope = NameScope()
        let distinct = distinct(entries)
        let nodes = distinct.map(frame)
        let messages = zip(distinct, nodes).map { entry, node in
            let object = entry.message
            let payload =
                switch object.encoding {
                case .json: types.use(of: node, hint: hint(entry))
                case .text: text
                case .bytes: TypeUse(.base64)
                }
            var message = Message(
                name: object.key, swiftName: cases[object.node.id] ?? scope.claim(Namer.member(object.key)),
                description: object.description, payload: payload, contentType: object.contentType, encoding: object.encoding,
                isDeprecated: object.isDeprecated
            )
            complete(entry, &message)
            return message
        }
        guard messages.count > 1 else { return MessageSet(messages) }
        // Each payload has its type by now; what is made here is only what tells them apart.
        var union = types.unionType(.init(keyword: "oneOf", variants: nodes.map { .init(node: $0, origin: $0) }), name: name)
        if union.variants.count == messages.count {
            for index in messages.indices { union.variants[index].swiftName = messages[index].swiftName }
        }
        return MessageSet(messages, union: union)
    }

    /// Text and bytes are known by being the only message there is: reports those that are not.
    /// - Parameter all: What goes the same way.
    func checkAlone(_ entries: [MessageEntry], among all: [MessageEntry]) {
        guard distinct(all).count > 1 else { return }
        for entry in distinct(entries) where entry.message.encoding != .json {
            diagnostics.report(
                .unsupported, "nothing tells the message `\(entry.message.key)`, which is no JSON, from others that go the same way",
                at: entry.message.contentTypePosition, help: "use application/json, or let it be the only one"
            )
        }
    }

    private func distinct(_ entries: [MessageEntry]) -> [MessageEntry] {
        var seen: Set<ObjectIdentifier> = []
        return entries.filter { seen.insert($0.message.node.id).inserted }
    }

    private func hint(_ entry: MessageEntry) -> String {
        (entry.channel.map { $0.id + " " } ?? "") + entry.message.key
    }

    private func typeName(_ entry: MessageEntry) -> String {
        if let known = typeNames[entry.message.node.id] { return known }
        let name = names.claim(Namer.type(entry.message.componentName ?? hint(entry)))
        typeNames[entry.message.node.id] = name
        return name
    }

    // MARK: Envelopes

    /// The schema of what travels: the payload, or the channel's envelope around it.
    private func frame(_ entry: MessageEntry) -> DocumentNode {
        let message = entry.message
        guard let channel = entry.channel, let envelope = channel.envelope else { return message.payload ?? anything(message) }
        let key = Enveloped(channel: channel.node.id, message: message.node.id)
        if let known = envelopes[key] { return known }
        let schema = self.envelope(envelope, of: message)
        envelopes[key] = schema
        return schema
    }

    private func envelope(_ envelope: MessageEnvelope, of message: MessageObject) -> DocumentNode {
        let place = message.node
        func text(_ value: String) -> DocumentNode { place.implied(.scalar(Scalar(text: value, isPlain: false))) }
        var properties: [DocumentNode.Member] = []
        if let type = envelope.type {
            properties.append(place.implied(type, place.implied(.mapping([place.implied("const", text(message.name ?? message.key))]))))
        }
        if let headers = message.headers { properties.append(place.implied(envelope.headers, headers)) }
        properties.append(place.implied(envelope.payload, message.payload ?? anything(message)))
        return place.implied(
            .mapping([
                place.implied("type", text("object")), place.implied("required", place.implied(.sequence(properties.map { text($0.key) }))),
                place.implied("properties", place.implied(.mapping(properties))),
            ])
        )
    }

    private func anything(_ message: MessageObject) -> DocumentNode {
        if let known = nothings[message.node.id] { return known }
        let node = message.node.implied(.mapping([]))
        nothings[message.node.id] = node
        return node
    }

    /// The schemas of messages without a payload.
    private var nothings: [ObjectIdentifier: DocumentNode] = [:]
}
