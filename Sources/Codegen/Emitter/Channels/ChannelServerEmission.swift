import CodegenModel

/// The server's side of channels.
extension SourceFile {
    mutating func declareChannelHandler(_ channels: [Channel]) {
        line("")
        line("/// What the service does on a connection, a method a channel. The connection is closed when the method returns or throws.")
        block("\(api.modifier)protocol ChannelHandler: Sendable") { file in
            file.declarePrincipals(channels.map(\.security))
            for (index, channel) in channels.enumerated() {
                if index > 0 { file.line("") }
                let shape = ChannelShape(channel: channel, api: file.api)
                file.documentation(channel.summary ?? channel.description)
                file.line("func \(shape.method)(")
                file.indented { file in
                    file.line("_ connection: \(shape.path).ServerConnection, parameters: \(shape.path).Parameters,")
                    let principal = Authentication(channel.security).principalType(of: shape.path).map { "principal: \($0), " } ?? ""
                    file.line("\(principal)context: \(file.api.supportType("CallContext"))")
                }
                file.line(") async throws")
                for request in channel.requests where request.requester == .client { file.declareAnswer(request, shape) }
            }
        }
        declareDefaultHandlers(channels)
    }

    mutating func declareChannelServer(_ channels: [Channel]) {
        line("")
        line("/// The WebSocket routes of the API in front of a handler.")
        declareHost("ChannelServer", "ChannelHandler", security: channels.map(\.security)) { file in
            file.declareExchangeLimits(channels)
            file.line("/// The routes of all channels, in document order.")
            file.block("\(file.api.modifier)var routes: [\(file.api.supportType("WebSocketRoute"))]") { file in
                file.line("[")
                file.indented { file in
                    for channel in channels {
                        let name = SwiftLiteral.label(channel.swiftName)
                        let address = SwiftLiteral.string(channel.address)
                        let id = SwiftLiteral.string(channel.id)
                        let route = file.api.supportType("WebSocketRoute")
                        file.line("\(route)(path: \(address), channelID: \(id), upgrade: self.upgrade(\(name):context:)),")
                    }
                }
                file.line("]")
            }
        }
        line("")
        block("extension ChannelServer") { file in
            for (index, channel) in channels.enumerated() {
                if index > 0 { file.line("") }
                file.upgrade(ChannelShape(channel: channel, api: file.api))
            }
        }
    }

    /// The answer to a request for an upgrade: rejected before, or a connection run by the handler.
    private mutating func upgrade(_ shape: ChannelShape) {
        let request = api.supportType("ServerRequest")
        let context = api.supportType("CallContext")
        let upgrade = api.supportType("WebSocketUpgrade")
        let principal = Authentication(shape.channel.security).alternatives.isEmpty ? "" : "principal: principal, "
        block("private func upgrade(\(shape.label) request: \(request), context: \(context)) async -> \(upgrade)") { file in
            file.line("do {")
            file.indented { file in
                file.authenticate(shape.channel.security, of: shape.path)
                file.line("let parameters = try \(shape.path).Parameters.read(from: request)")
                file.line(
                    "return .accept(run: { (transport: any \(file.api.supportType("MessageTransport"))) async -> \(file.api.standardType("Void")) in"
                )
                file.indented { file in
                    let connection = "\(shape.path).ServerConnection"
                    let exchange = file.exchangeRules(shape, side: .server, principal: principal)
                    file.line(
                        "await \(connection).serve(transport, \(exchange)context: context) { (connection: \(connection)) async throws -> \(file.api.standardType("Void")) in"
                    )
                    file.indented { file in
                        file.line(
                            "try await self.handler.\(shape.method)(connection, parameters: parameters, \(principal)context: context)")
                    }
                    file.line("}")
                }
                file.line("})")
            }
            file.line("} catch {")
            file.indented { file in
                let failures = file.api.supportType("DeclaredFailures")
                // AsyncAPI declares no answers to the handshake: every failure is a problem of its own status.
                file.line("let failures = \(failures)(ranges: [4, 5])")
                file.line("return .reject(\(file.api.supportType("ServerCall")).response(to: error, declared: failures, context: context))")
            }
            file.line("}")
        }
    }
}
