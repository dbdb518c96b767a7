import CodegenModel

extension ChannelShape {
    enum Side { case server, client }

    var hasServerRequests: Bool { channel.requests.contains { $0.requester == .server } }

    /// The type of an operation's request or reply: its only message's payload, or an enum of them.
    func type(_ set: MessageSet, _ request: ChannelRequest, _ suffix: String) -> String {
        set.union == nil ? api.type(set.messages.first?.payload ?? TypeUse(.any)) : "\(path).\(request.typeName)\(suffix)"
    }

    /// What a request's sender sends.
    func outgoing(_ request: ChannelRequest) -> Direction { request.requester == .client ? fromClient : fromServer }
    func incoming(_ request: ChannelRequest) -> Direction { request.requester == .client ? fromServer : fromClient }
}

/// Requests with replies on a channel: methods that ask, and the rules that match and answer.
extension SourceFile {
    /// Writes the enums of operations with several requests or replies.
    mutating func declareExchanges(_ shape: ChannelShape) {
        for request in shape.channel.requests {
            for (set, suffix) in [(request.request, "Request"), (request.reply, "Reply")] {
                guard let union = set.union else { continue }
                line("")
                line("/// \(suffix == "Reply" ? "What answers" : "What asks") `\(request.id)`.")
                declareUnion(request.typeName + suffix, union, conformances: ", Equatable", isIndirect: false)
            }
        }
    }

    /// Writes how the enums are read and written, and the methods of whoever asks.
    mutating func conformExchanges(_ shape: ChannelShape) {
        for request in shape.channel.requests {
            for (set, suffix) in [(request.request, "Request"), (request.reply, "Reply")] {
                guard let union = set.union else { continue }
                conform(.union(union), "\(shape.path).\(request.typeName)\(suffix)")
            }
        }
        for side in [ChannelRequest.Requester.client, .server] {
            let requests = shape.channel.requests.filter { $0.requester == side && !$0.request.messages.isEmpty }
            guard !requests.isEmpty else { continue }
            let (incoming, outgoing) = side == .client ? ("FromServer", "FromClient") : ("FromClient", "FromServer")
            line("")
            let head = "extension \(api.supportType("MessageConnection"))"
            block("\(head) where Incoming == \(shape.path).\(incoming), Outgoing == \(shape.path).\(outgoing)") { file in
                for (index, request) in requests.enumerated() {
                    if index > 0 { file.line("") }
                    file.ask(request, shape)
                }
            }
        }
    }

    private mutating func ask(_ request: ChannelRequest, _ shape: ChannelShape) {
        documentation(request.summary, request.description, "Throws `RequestError` when no reply comes in time, or not the one described.")
        let duration = api.standardType("Duration")
        let reply = shape.type(request.reply, request, "Reply")
        line("\(api.modifier)func \(SwiftLiteral.identifier(request.swiftName))(")
        indented { file in
            file.line("_ message: \(shape.type(request.request, request, "Request")), timeout: \(duration)? = nil")
        }
        block(") async throws -> \(reply)") { file in
            let rule = file.correlationRule(request.correlation)
            let message = file.wrapped("message", request.request, in: shape.outgoing(request), prefix: "let message: Outgoing = ")
            file.readReply(
                "return try await self.request(\(SwiftLiteral.string(request.id)), \(message), correlation: \(rule), timeout: timeout, ",
                request, shape)
        }
    }

    private mutating func readReply(_ prefix: String, _ request: ChannelRequest, _ shape: ChannelShape, suffix: String = ")") {
        if request.reply.union != nil {
            line("\(prefix)\(shape.type(request.reply, request, "Reply")).read(from:)\(suffix)")
        } else {
            readWith(prefix, request.reply.messages.first?.payload ?? TypeUse(.any), suffix: suffix)
        }
    }

    /// The value of an operation's set as one of the direction; for an enum statements are written that turn one into the other.
    private mutating func wrapped(_ value: String, _ set: MessageSet, in direction: ChannelShape.Direction, prefix: String) -> String {
        guard case .union = direction, let first = set.messages.first else { return value }
        guard set.union != nil else { return ".\(SwiftLiteral.identifier(first.swiftName))(\(value))" }
        line("\(prefix)switch \(value) {")
        for message in set.messages {
            let name = SwiftLiteral.identifier(message.swiftName)
            line("case .\(name)(let payload): .\(name)(payload)")
        }
        line("}")
        return value
    }

    private func correlationRule(_ correlation: Correlation?) -> String {
        guard let correlation else { return "nil" }
        let request = SwiftLiteral.strings(correlation.request.path)
        return "\(api.supportType("CorrelationRule"))(request: \(request), reply: \(SwiftLiteral.strings(correlation.reply.path)), "
            + "kind: .\(correlation.kind.rawValue))"
    }

    // MARK: Answering

    /// The name of the protocol by which a client answers the server's requests.
    func answersProtocol(_ shape: ChannelShape) -> String { shape.channel.typeName + "Answers" }

    /// Writes the protocols by which clients answer.
    mutating func declareClientAnswers(_ channels: [Channel]) {
        for channel in channels {
            let shape = ChannelShape(channel: channel, api: api)
            guard shape.hasServerRequests else { continue }
            line("")
            line("/// How a client answers the server's requests on `\(channel.id)`.")
            block("\(api.modifier)protocol \(answersProtocol(shape)): Sendable") { file in
                for request in channel.requests where request.requester == .server {
                    file.documentation(request.summary, request.description)
                    let type = shape.type(request.request, request, "Request")
                    let reply = shape.type(request.reply, request, "Reply")
                    file.line("func \(SwiftLiteral.identifier(request.swiftName))(_ request: \(type)) async throws -> \(reply)")
                }
            }
        }
    }

    /// Writes the handler's method that answers a client's request.
    mutating func declareAnswer(_ request: ChannelRequest, _ shape: ChannelShape) {
        line("")
        documentation(request.summary, request.description)
        line("func \(SwiftLiteral.identifier(request.swiftName))(")
        indented { file in
            let principal = Authentication(shape.channel.security).principalType(of: shape.path).map { "principal: \($0), " } ?? ""
            file.line("_ request: \(shape.type(request.request, request, "Request")), parameters: \(shape.path).Parameters,")
            file.line("\(principal)context: \(file.api.supportType("CallContext"))")
        }
        line(") async throws -> \(shape.type(request.reply, request, "Reply"))")
    }

    /// A channel whose clients only ask, and answer, needs no handler of its own.
    mutating func declareDefaultHandlers(_ channels: [Channel]) {
        let answered = channels.filter { channel in
            guard !channel.requests.isEmpty else { return false }
            let matched = channel.requests.flatMap { $0.requester == .client ? $0.request.messages : $0.reply.messages }
            let names = Set(matched.map(\.swiftName))
            return channel.received.messages.allSatisfy { names.contains($0.swiftName) }
        }
        guard !answered.isEmpty else { return }
        line("")
        block("extension ChannelHandler") { file in
            for channel in answered {
                let shape = ChannelShape(channel: channel, api: file.api)
                file.line("/// Stays until the client goes.")
                file.line("\(file.api.modifier)func \(shape.method)(")
                file.indented { file in
                    let principal = Authentication(channel.security).principalType(of: shape.path).map { "principal: \($0), " } ?? ""
                    file.line("_ connection: \(shape.path).ServerConnection, parameters: \(shape.path).Parameters,")
                    file.line("\(principal)context: \(file.api.supportType("CallContext"))")
                }
                file.block(") async throws") { $0.line("for try await _ in connection.incoming {}") }
            }
        }
    }

    /// Writes the property with the bounds of requests, when the API has any.
    mutating func declareExchangeLimits(_ channels: [Channel], isLast: Bool = false) {
        guard channels.contains(where: { !$0.requests.isEmpty }) else { return }
        line("/// What requests on a connection may cost.")
        line("\(api.modifier)var limits = \(api.supportType("ExchangeLimits"))()")
        if !isLast { line("") }
    }

    /// Writes the rules of a channel with requests; gives the arguments that hand them on, nothing for one without.
    mutating func exchangeRules(_ shape: ChannelShape, side: ChannelShape.Side, principal: String) -> String {
        let requests = shape.channel.requests.filter { !$0.request.messages.isEmpty }
        guard !requests.isEmpty else { return "" }
        let (incoming, outgoing) = side == .server ? ("FromClient", "FromServer") : ("FromServer", "FromClient")
        let own = requests.filter { ($0.requester == .server) == (side == .server) }
        let others = requests.filter { ($0.requester == .server) != (side == .server) }
        let type = "\(api.supportType("ExchangeRules"))<\(shape.path).\(incoming), \(shape.path).\(outgoing)>"
        var replies: [String] = []
        for request in own {
            guard let path = request.correlation?.reply.path else { continue }
            let text = SwiftLiteral.strings(path)
            if !replies.contains(text) { replies.append(text) }
        }
        line("let rules = \(type)(")
        indented { file in
            file.line("replies: [\(replies.joined(separator: ", "))],")
            file.line("isOrderedReply: { (bytes: [\(file.api.standardType("UInt8"))]) -> \(file.api.standardType("Bool")) in")
            file.indented { file in
                for request in own where request.correlation == nil {
                    file.readReply("if \(file.api.supportType("JSONReader")).reads(bytes, ", request, shape, suffix: ") { return true }")
                }
                file.line("return false")
            }
            file.line("},")
            let answer = "\(file.api.supportType("ExchangeAnswer"))<\(shape.path).\(outgoing)>"
            file.line("answer: { (message: \(shape.path).\(incoming)) -> \(answer)? in")
            file.indented { $0.answers(others, shape, answer: answer, side: side, principal: principal) }
            file.line("}")
        }
        line(")")
        return "rules: rules, limits: self.limits, "
    }

    private mutating func answers(
        _ requests: [ChannelRequest], _ shape: ChannelShape, answer: String, side: ChannelShape.Side, principal: String
    ) {
        guard let first = requests.first else { return line("return nil") }
        let direction = side == .server ? shape.fromClient : shape.fromServer
        guard case .union(let union) = direction else { return self.answer(first, "message", shape, answer: answer, side, principal) }
        line("switch message {")
        var seen: Set<String> = []
        for request in requests {
            for message in request.request.messages where seen.insert(message.swiftName).inserted {
                let name = SwiftLiteral.identifier(message.swiftName)
                line("case .\(name)(let request):")
                let value = request.request.union == nil ? "request" : ".\(name)(request)"
                indented { $0.answer(request, value, shape, answer: answer, side, principal) }
            }
        }
        if seen.count < union.variants.count { line("default: return nil") }
        line("}")
    }

    private mutating func answer(
        _ request: ChannelRequest, _ value: String, _ shape: ChannelShape, answer: String, _ side: ChannelShape.Side, _ principal: String
    ) {
        let outgoing = "\(shape.path).\(side == .server ? "FromServer" : "FromClient")"
        let method = SwiftLiteral.identifier(request.swiftName)
        line("return \(answer)(correlation: \(correlationRule(request.correlation))) { () async throws -> \(outgoing) in")
        indented { file in
            if side == .server {
                file.line("let reply = try await self.handler.\(method)(\(value), parameters: parameters, \(principal)context: context)")
            } else {
                file.line("let reply = try await answers.\(method)(\(value))")
            }
            let direction = shape.incoming(request)
            let wrapped = file.wrapped("reply", request.reply, in: direction, prefix: "let message: \(outgoing) = ")
            let isSwitch = request.reply.union != nil
            if case .union = direction, isSwitch { return file.line("return message") }
            file.line("return \(wrapped)")
        }
        line("}")
    }
}
