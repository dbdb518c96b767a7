import CodegenModel

/// Dispatchers: a handler's protocol with a method an operation, and what calls it.
extension SourceFile {
    mutating func declareDispatcher(_ shapes: [EventShape], _ role: EventRole) {
        let handler = role.type("Handler")
        line("")
        line("/// What is done with the messages that \(role.subject) receives, a method an operation.")
        line("///")
        line(
            "/// A thrown `RequestFailure` with a client's code (4xx) rejects the message for good; after anything else it is delivered again."
        )
        block("\(api.modifier)protocol \(handler): Sendable") { file in
            for (index, shape) in shapes.enumerated() {
                if index > 0 { file.line("") }
                file.declareEventHandler(shape)
            }
        }
        declareDispatcherType(shapes, role, handler: handler)
        line("")
        block("extension \(role.type("Dispatcher"))") { file in
            for (index, shape) in shapes.enumerated() {
                if index > 0 { file.line("") }
                file.handle(shape)
            }
        }
    }

    private mutating func declareEventHandler(_ shape: EventShape) {
        let operation = shape.operation
        documentation(operation.summary, operation.description == operation.summary ? nil : operation.description)
        var parameters = ["_ message: \(shape.messageType)"]
        if !shape.parameters.isEmpty { parameters.append("parameters: \(shape.channelPath).Parameters") }
        parameters.append("context: \(api.supportType("EventContext"))")
        let result = operation.reply.map { " -> \(shape.replyType($0))" } ?? ""
        line("func \(shape.method)(")
        indented { $0.line(parameters.joined(separator: ", ")) }
        line(") async throws\(result)")
    }

    private mutating func declareDispatcherType(_ shapes: [EventShape], _ role: EventRole, handler: String) {
        let core = api.supportType("EventCore")
        let string = api.standardType("String")
        let asksAddresses = shapes.contains { $0.channel.address == nil }
        line("")
        line("/// Hands the messages that \(role.subject) receives to a handler.")
        block("\(api.modifier)struct \(role.type("Dispatcher"))<Handler: \(handler)>: Sendable") { file in
            file.line("private let handler: Handler")
            file.line("private let core: \(core)")
            if asksAddresses { file.line("private let addresses: [\(string): \(string)]") }
            file.line("")
            if asksAddresses {
                file.line("/// - Parameter addresses: Of channels whose address is known at run time only, by operation.")
            }
            let addresses = asksAddresses ? ", addresses: [\(string): \(string)]" : ""
            file.block("\(file.api.modifier)init(handler: Handler, core: \(core)\(addresses))") { file in
                file.line("self.handler = handler")
                file.line("self.core = core")
                if asksAddresses { file.line("self.addresses = addresses") }
            }
            file.line("")
            file.declareSubscriptions(shapes)
            file.line("")
            file.line("/// Receives messages until cancelled.")
            file.block("\(file.api.modifier)func run() async throws") {
                $0.line("try await self.core.run(self.subscriptions, self.receive)")
            }
            file.line("")
            file.declareReceive(shapes)
        }
    }

    private mutating func declareSubscriptions(_ shapes: [EventShape]) {
        let subscription = api.supportType("EventSubscription")
        let address = api.supportType("EventAddress")
        line("/// What is received.")
        block("\(api.modifier)var subscriptions: [\(subscription)]") { file in
            file.line("var subscriptions: [\(subscription)] = []")
            for shape in shapes {
                let id = SwiftLiteral.string(shape.operation.id)
                if shape.channel.address == nil {
                    file.block("if let address = self.addresses[\(id)]") { file in
                        file.line("subscriptions.append(\(subscription)(operationID: \(id), address: \(address)(address)))")
                    }
                } else {
                    let template = "\(address)(\(shape.channelPath).address)"
                    file.line("subscriptions.append(\(subscription)(operationID: \(id), address: \(template)))")
                }
            }
            file.line("return subscriptions")
        }
    }

    private mutating func declareReceive(_ shapes: [EventShape]) {
        let context = api.supportType("EventContext")
        let address = api.supportType("EventAddress")
        line("/// Handles one message.")
        line("\(api.modifier)func receive(")
        indented { file in
            file.line("_ delivery: \(file.api.supportType("EventDelivery")), _ subscription: \(file.api.supportType("EventSubscription"))")
        }
        block(") async -> \(api.supportType("EventOutcome"))") { file in
            let void = file.api.standardType("Void")
            file.line(
                "await self.core.receive(delivery, for: subscription) { (context: \(context), address: \(address)) async throws -> \(void) in"
            )
            file.indented { file in
                file.line("switch context.operationID {")
                for shape in shapes {
                    file.line(
                        "case \(SwiftLiteral.string(shape.operation.id)): try await self.handle(\(shape.label): context, address)")
                }
                file.line("default: throw \(file.api.supportType("EventCore")).unknown(context.operationID)")
                file.line("}")
            }
            file.line("}")
        }
    }

    private mutating func handle(_ shape: EventShape) {
        let operation = shape.operation
        let context = api.supportType("EventContext")
        let address = api.supportType("EventAddress")
        block("private func handle(\(shape.label) context: \(context), _ address: \(address)) async throws") { file in
            file.line("let event = context.event")
            file.line("let request = \(file.api.supportType("EventReceipt")).request(event, address: address)")
            if !shape.parameters.isEmpty { file.line("let parameters = try \(shape.channelPath).Parameters.read(from: request)") }
            file.readMessage(operation.messages, type: shape.messageType)
            let parameters = shape.parameters.isEmpty ? "" : "parameters: parameters, "
            let call = "try await self.handler.\(shape.method)(message, \(parameters)context: context)"
            guard let reply = operation.reply else { return file.line(call) }
            file.line("let reply = \(call)")
            file.answer(reply, shape)
        }
    }

    private mutating func answer(_ reply: EventReply, _ shape: EventShape) {
        var address = reply.address.map(SwiftLiteral.string) ?? "\"\""
        if let location = reply.addressLocation {
            let receipt = api.supportType("EventReceipt")
            let place = "inHeader: \(location.source == .header), at: \(SwiftLiteral.strings(location.path))"
            line("let destination = try \(receipt).value(\(place), of: event)")
            address = "destination"
        }
        startCall(reply.messages, id: SwiftLiteral.string(shape.operation.id), address: address)
        writeMessage("reply", reply.messages)
        if let correlation = reply.correlation { line("call.correlate(with: event, \(eventCorrelation(correlation)))") }
        line("try await self.core.publish(call)")
    }
}
