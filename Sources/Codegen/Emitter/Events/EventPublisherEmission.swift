import CodegenModel

/// Publishers: a method an operation.
extension SourceFile {
    mutating func declarePublisher(_ shapes: [EventShape], _ role: EventRole) {
        let asks = shapes.contains { $0.operation.reply?.correlation != nil }
        let core = api.supportType("EventCore")
        line("")
        line("/// Publishes the messages of \(role.subject).")
        block("\(api.modifier)struct \(role.type("Publisher")): Sendable") { file in
            file.line("private let core: \(core)")
            if asks { file.line("private let replies: \(file.api.supportType("EventReplies"))?") }
            file.line("")
            if asks { file.line("/// - Parameter replies: Receives what answers; without it a request throws.") }
            let replies = asks ? ", replies: \(file.api.supportType("EventReplies"))? = nil" : ""
            file.block("\(file.api.modifier)init(transport: any \(file.api.supportType("EventTransport"))\(replies))") { file in
                file.line("self.core = \(core)(transport: transport)")
                if asks { file.line("self.replies = replies") }
            }
            for shape in shapes {
                file.line("")
                file.publish(shape)
            }
        }
    }

    private mutating func publish(_ shape: EventShape) {
        let operation = shape.operation
        documentation(operation.summary, operation.description == operation.summary ? nil : operation.description)
        let string = api.standardType("String")
        var parameters = ["_ message: \(shape.messageType)"]
        if !shape.parameters.isEmpty { parameters.append("parameters: \(shape.channelPath).Parameters") }
        if shape.channel.address == nil { parameters.append("to address: \(string)") }
        let asked = operation.reply.flatMap { reply in reply.correlation.map { (reply, $0) } }
        if asked != nil { parameters.append("timeout: \(api.standardType("Duration"))? = nil") }
        guard let (reply, correlation) = asked else { return publishOnly(shape, parameters) }
        line("\(api.modifier)func \(shape.method)(")
        indented { $0.line(parameters.joined(separator: ", ")) }
        block(") async throws -> \(shape.replyType(reply))") { file in
            let id = SwiftLiteral.string(operation.id)
            let error = "\(file.api.supportType("RequestError"))(operationID: \(id), code: .noReplies)"
            file.line("guard let replies = self.replies else { throw \(error) }")
            file.makeCall(shape)
            let place = reply.addressLocation.map { "(isHeader: \($0.source == .header), path: \(SwiftLiteral.strings($0.path)))" } ?? "nil"
            file.line("let event = try await replies.request(")
            file.indented { file in
                file.line("call, correlation: \(file.eventCorrelation(correlation)),")
                file.line("addressIn: \(place), timeout: timeout")
            }
            file.line(")")
            file.line("let request = \(file.api.supportType("EventReceipt")).request(event, address: \(file.emptyAddress))")
            let type = shape.replyType(reply)
            file.line("return try await \(file.api.supportType("RequestError")).reply(\(id)) { () async throws -> \(type) in")
            file.indented { file in
                file.readMessage(reply.messages, type: type)
                file.line("return message")
            }
            file.line("}")
        }
    }

    /// A method that publishes, and one that only makes the event.
    private mutating func publishOnly(_ shape: EventShape, _ parameters: [String]) {
        var arguments = ["\(shape.label): message"]
        if !shape.parameters.isEmpty { arguments.append("parameters: parameters") }
        if shape.channel.address == nil { arguments.append("to: address") }
        line("\(api.modifier)func \(shape.method)(")
        indented { $0.line(parameters.joined(separator: ", ")) }
        block(") async throws") { file in
            file.line("try await self.core.publish(Self.event(\(arguments.joined(separator: ", "))))")
        }
        line("")
        line("/// The event that `\(shape.operation.swiftName)` publishes: for an outbox, from which it is published later.")
        line("\(api.modifier)static func event(")
        let labelled = ["\(shape.label) message: \(shape.messageType)"] + parameters.dropFirst()
        indented { $0.line(labelled.joined(separator: ", ")) }
        block(") throws(\(api.supportType("RequestFailure"))) -> \(api.supportType("Event"))") { file in
            file.makeCall(shape)
            file.line("return try call.event()")
        }
    }

    /// Writes statements that make `call` of `message`.
    private mutating func makeCall(_ shape: EventShape) {
        let address = shape.channel.address == nil ? "address" : "\(shape.channelPath).address"
        startCall(shape.operation.messages, id: SwiftLiteral.string(shape.operation.id), address: address)
        writeMessage("message", shape.operation.messages)
        for parameter in shape.channel.parameters { sendEventParameter(parameter) }
    }

    private var emptyAddress: String { "\(api.supportType("EventAddress"))(\"\")" }

    /// Writes `var call = …`.
    mutating func startCall(_ set: MessageSet, id: String, address: String) {
        let contentType = SwiftLiteral.string(set.messages.first?.contentType ?? "application/json")
        line("var call = \(api.supportType("EventCall"))(operationID: \(id), address: \(address), contentType: \(contentType))")
    }

    private mutating func sendEventParameter(_ parameter: EventParameter) {
        let name = SwiftLiteral.string(parameter.parameter.name)
        if let location = parameter.location {
            line("call.parameter(\(name), inHeader: \(location.source == .header), at: \(SwiftLiteral.strings(location.path)))")
        } else {
            line("call.parameter(\(name), parameters.\(SwiftLiteral.identifier(parameter.parameter.swiftName)))")
        }
    }

    func eventCorrelation(_ correlation: Correlation) -> String {
        "\(api.supportType("EventCorrelation"))(request: \(SwiftLiteral.strings(correlation.request.path)), "
            + "requestInHeader: \(correlation.request.source == .header), reply: \(SwiftLiteral.strings(correlation.reply.path)), "
            + "replyInHeader: \(correlation.reply.source == .header), kind: .\(correlation.kind.rawValue))"
    }

    /// Writes statements that put a message into `call`.
    mutating func writeMessage(_ value: String, _ set: MessageSet) {
        guard set.union != nil else {
            if let message = set.messages.first { writeMessage(value, message) }
            return
        }
        line("switch \(value) {")
        for message in set.messages {
            line("case .\(SwiftLiteral.identifier(message.swiftName))(let message):")
            indented { $0.writeMessage("message", message) }
        }
        line("}")
    }

    private mutating func writeMessage(_ value: String, _ message: Message) {
        let writer = api.supportType("JSONWriter")
        let payload = message.headers == nil ? value : value + ".payload"
        if message.encoding == .json {
            line("call.json { (json: inout \(writer)) in")
            indented { $0.writeValue(payload, message.payload) }
            line("}")
        } else {
            line("call.\(message.encoding.rawValue)(\(payload))")
        }
        guard let headers = message.headers else { return }
        line("call.headers { (json: inout \(writer)) in")
        indented { $0.writeValue(value + ".headers", headers) }
        line("}")
    }

    /// Writes statements that read `message` of `event`, whose payload is the body of `request`.
    mutating func readMessage(_ set: MessageSet, type: String) {
        let limit = "\(api.supportType("EventReceipt")).maximumPayloadSize"
        line("var reader = \(api.supportType("InputReader"))(request)")
        guard set.union != nil else {
            guard let message = set.messages.first else { return }
            let prefix = "let payload: \(api.type(message.payload))? = try await reader.\(message.encoding.rawValue)(limit: \(limit)"
            if message.encoding == .json { readWith(prefix + ", ", message.payload) } else { line(prefix + ")") }
            line("guard reader.isValid, let payload else { throw reader.failure }")
            guard message.headers != nil else { return line("let message = payload") }
            readHeaders(of: message)
            line("let message = \(type)(headers: headers, payload: payload)")
            return
        }
        line("let read: \(type).Payload? = try await reader.json(limit: \(limit), \(type).Payload.read(from:))")
        line("guard reader.isValid, let read else { throw reader.failure }")
        line("let message: \(type)")
        line("switch read {")
        for message in set.messages {
            let name = SwiftLiteral.identifier(message.swiftName)
            line("case .\(name)(let payload):")
            indented { file in
                guard message.headers != nil else { return file.line("message = .\(name)(payload)") }
                file.readHeaders(of: message)
                file.line("message = .\(name)(\(file.api.messageType(message))(headers: headers, payload: payload))")
            }
        }
        line("}")
    }

    private mutating func readHeaders(of message: Message) {
        guard let headers = message.headers else { return }
        let names = SwiftLiteral.strings(api.jsonHeaders(of: message))
        let type = api.type(headers)
        readWith("let headers: \(type) = try \(api.supportType("EventReceipt")).headers(event, json: \(names), ", headers)
    }
}
