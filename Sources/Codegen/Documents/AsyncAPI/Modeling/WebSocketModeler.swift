import CodegenModel

/// Makes the model's WebSocket channels.
final class WebSocketModeler {
    private let messages: MessageModeler
    private let security: SecurityModeler
    private var methods = NameScope()
    private var typeNames = NameScope()
    private var requestMethods = NameScope()

    private var types: TypeModeler { messages.types }
    private var diagnostics: DiagnosticCollector { types.diagnostics }

    init(messages: MessageModeler, security: SecurityModeler) {
        self.messages = messages
        self.security = security
    }

    /// Channels of one address: one connection carries the messages of all.
    private struct Group {
        let address: String
        let server: AsyncServerObject?
        var channels: [ChannelObject]
    }

    func channels(
        _ channels: [(ChannelObject, AsyncServerObject?)], operations: [BoundOperation], document: AsyncAPIDocument
    ) -> [Channel] {
        groups(channels, operations: operations).compactMap { group in
            let inGroup = operations.filter { operation in group.channels.contains { $0.node === operation.channel.node } }
            guard !inGroup.isEmpty else { return nil }
            return channel(group, inGroup, document: document)
        }
    }

    private func groups(_ channels: [(ChannelObject, AsyncServerObject?)], operations: [BoundOperation]) -> [Group] {
        var groups: [Group] = []
        for (channel, server) in channels {
            guard let address = channel.address else {
                // A channel of replies only is whatever connection the request came by.
                if operations.contains(where: { $0.channel.node === channel.node }) {
                    diagnostics.report(
                        .fieldMissing, "a WebSocket needs an `address`", at: channel.addressPosition, help: "write the path it is served at"
                    )
                }
                continue
            }
            let path = (server?.pathname ?? "") + (address.hasPrefix("/") || address.isEmpty ? address : "/" + address)
            if let index = groups.firstIndex(where: { $0.address == path }) {
                groups[index].channels.append(channel)
            } else {
                groups.append(Group(address: path.isEmpty ? "/" : path, server: server, channels: [channel]))
            }
        }
        return groups
    }

    private func channel(_ group: Group, _ operations: [BoundOperation], document: AsyncAPIDocument) -> Channel {
        let first = group.channels[0]
        let id = group.channels.count == 1 ? first.id : Self.name(of: first.address ?? "")
        let typeName = typeNames.claim(Namer.type(id))
        let received = ordered(operations.flatMap { $0.serverReceives ? $0.messages : $0.reply?.messages ?? [] }, operations)
        let sent = ordered(operations.flatMap { $0.serverReceives ? $0.reply?.messages ?? [] : $0.messages }, operations)
        for operation in operations {
            diagnostics.begin(.operation(operation.object.id))
            checkFrames(operation)
            messages.checkAlone(operation.messages, among: operation.serverReceives ? received : sent)
            messages.checkAlone(operation.reply?.messages ?? [], among: operation.serverReceives ? sent : received)
            diagnostics.end()
        }
        let fromClient = messages.frames(received, name: typeName + " from client")
        let fromServer = messages.frames(sent, name: typeName + " from server")
        let clientCases = messages.cases(of: fromClient, received)
        let serverCases = messages.cases(of: fromServer, sent)
        var scope = NameScope()
        return Channel(
            id: id, swiftName: methods.claim(Namer.member(id)), typeName: typeName, address: group.address,
            summary: first.summary, description: first.description,
            parameters: parameters(group).map { parameter($0, hint: id, scope: &scope) },
            received: fromClient, sent: fromServer,
            requests: operations.compactMap { operation in
                let cases = operation.serverReceives ? (clientCases, serverCases) : (serverCases, clientCases)
                return request(operation, in: group, cases: cases)
            },
            closeCodes: group.channels.flatMap(\.closeCodes), security: security(operations, group: group, document: document),
            serverPath: group.server?.pathname ?? "", position: first.position
        )
    }

    /// Messages that operations name, then those that only reply.
    private func ordered(_ entries: [MessageEntry], _ operations: [BoundOperation]) -> [MessageEntry] {
        let named = Set(operations.flatMap(\.messages).map(\.message.node.id))
        return entries.filter { named.contains($0.message.node.id) } + entries.filter { !named.contains($0.message.node.id) }
    }

    private static func name(of address: String) -> String {
        let words = address.split(separator: "/").filter { !$0.hasPrefix("{") }.joined(separator: " ")
        return words.isEmpty ? "root" : words
    }

    // MARK: Parameters

    /// The address's parameters, and those of the bindings; of channels that share an address each once.
    private func parameters(_ group: Group) -> [ChannelParameter] {
        let reader = ChannelReader(context: types.context, defaultContentType: "")
        var seen: Set<String> = []
        let all = group.channels.flatMap { $0.parameters + ($0.webSocketBinding.map(reader.bindingParameters) ?? []) }
        return all.filter { seen.insert("\($0.location) \($0.name)").inserted }.sorted { $0.location.order < $1.location.order }
    }

    private func parameter(_ object: ChannelParameter, hint: String, scope: inout NameScope) -> Parameter {
        ParameterModeler(types: types).parameter(
            object.name, in: object.location, schema: object.schema, isRequired: object.isRequired, description: object.description,
            hint: hint, scope: &scope
        )
    }

    // MARK: Messages

    /// A frame has no headers: without an envelope there is no place for them.
    private func checkFrames(_ operation: BoundOperation) {
        for entry in operation.messages + (operation.reply?.messages ?? []) {
            if entry.message.encoding != .json { checkRaw(entry, operation) }
            guard let headers = entry.message.headers else { continue }
            guard let envelope = entry.channel?.envelope else {
                diagnostics.report(
                    .headersNotCarried, "a WebSocket frame has no headers to carry those of `\(entry.message.key)`", at: headers.position,
                    help: "add `x-message-envelope: {headers: headers, payload: payload}` to the channel, or put them into the payload"
                )
                continue
            }
            if envelope.type == nil, operation.messages.count > 1 {
                diagnostics.report(
                    .unionAmbiguous, "nothing in the envelope tells the channel's messages apart", at: envelope.position,
                    help: "name the member that holds a message's name: `type: type`"
                )
            }
        }
    }

    /// A text frame can be any text, when it is all there is; frames of this kind have no envelope, and no reply knows its request.
    private func checkRaw(_ entry: MessageEntry, _ operation: BoundOperation) {
        let message = entry.message
        let problem: String
        if message.encoding == .bytes {
            problem = "binary frames, which the content type \(message.contentType) asks for, are not supported"
        } else if entry.channel?.envelope != nil {
            problem = "a message of the content type \(message.contentType) cannot be in an envelope"
        } else if operation.reply != nil {
            problem = "a request or reply of the content type \(message.contentType) is not supported on a WebSocket"
        } else {
            return
        }
        diagnostics.report(.unsupported, problem, at: message.contentTypePosition, help: "use application/json")
    }

    /// - Parameter cases: What the messages of the asking and of the answering direction are called.
    private func request(
        _ operation: BoundOperation, in group: Group, cases: (asking: [ObjectIdentifier: String], answering: [ObjectIdentifier: String])
    ) -> ChannelRequest? {
        guard let reply = operation.reply else { return nil }
        diagnostics.begin(.operation(operation.object.id))
        defer { diagnostics.end() }
        if let channel = reply.channel, channel.address != nil, !group.channels.contains(where: { $0.node === channel.node }) {
            diagnostics.report(
                .unsupported, "a reply over another connection than the request's is not supported", at: reply.object.position,
                help: "give the reply's channel the same address"
            )
        }
        let object = operation.object
        let typeName = Namer.type(object.id)
        return ChannelRequest(
            id: object.id, swiftName: requestMethods.claim(Namer.member(object.id)), typeName: typeName, summary: object.summary,
            description: object.description, requester: operation.serverReceives ? .client : .server,
            request: messages.frames(operation.messages, name: typeName + " request", cases: cases.asking),
            reply: messages.frames(reply.messages, name: typeName + " reply", cases: cases.answering),
            correlation: messages.correlation(of: operation.messages, replies: reply.messages, operation: object)
        )
    }

    // MARK: Security

    /// A WebSocket is authenticated once, when it is opened: all operations of a channel must ask for the same.
    private func security(_ operations: [BoundOperation], group: Group, document: AsyncAPIDocument) -> [SecurityRequirement] {
        let all = operations.map { operation in requirements(operation.object.security ?? group.server?.security ?? [], document) }
        for (operation, requirements) in zip(operations, all).dropFirst() where requirements != all[0] {
            diagnostics.report(
                .securityConflict, "the operation asks for another security than the channel's first one", at: operation.object.position,
                help: "give all operations of a channel the same `security`"
            )
        }
        return all.first ?? []
    }

    private func requirements(_ requirements: [AsyncSecurityRequirement], _ document: AsyncAPIDocument) -> [SecurityRequirement] {
        var schemes: [String: SecuritySchemeObject] = [:]
        var objects: [SecurityRequirementObject] = []
        for requirement in requirements {
            let scheme = requirement.scheme
            guard let kind = scheme.kind else {
                diagnostics.report(
                    .unsupported, "the security scheme type `\(scheme.type)` is not supported for a WebSocket", at: requirement.position,
                    help: "use http, httpApiKey, userPassword, X509, oauth2 or openIdConnect"
                )
                continue
            }
            schemes[scheme.name] = SecuritySchemeObject(
                name: scheme.name, kind: kind, description: scheme.description, declaredScopes: scheme.declaredScopes)
            let use = SecurityRequirementObject.Scheme(name: scheme.name, position: requirement.position, scopes: scheme.scopes)
            objects.append(SecurityRequirementObject(position: requirement.position, schemes: [use]))
        }
        return security.requirements(objects, schemes: schemes)
    }
}

extension ParameterLocation {
    /// Path, query, header, cookie.
    fileprivate var order: Int {
        switch self {
        case .path: 0
        case .query: 1
        default: 2
        }
    }
}
