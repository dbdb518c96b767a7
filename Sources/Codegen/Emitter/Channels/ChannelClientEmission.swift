import CodegenModel

/// The client's side of channels.
extension SourceFile {
    mutating func declareChannelClient(_ channels: [Channel]) {
        declareServers("ChannelServers", api.service.channelServers, "for `ChannelClient(server:transport:credentials:)`")
        line("")
        line("/// Connects to the channels of the API.")
        block("\(api.modifier)struct ChannelClient: Sendable") { file in
            file.declareClientCore("ChannelCore", transport: "WebSocketClientTransport")
            if channels.contains(where: { !$0.requests.isEmpty }) {
                file.line("")
                file.declareExchangeLimits(channels, isLast: true)
            }
            for channel in channels {
                file.line("")
                file.connect(ChannelShape(channel: channel, api: file.api))
            }
        }
    }

    private mutating func connect(_ shape: ChannelShape) {
        let channel = shape.channel
        documentation(channel.summary ?? channel.description, "The connection lasts as long as `body` runs.")
        let connection = "\(shape.path).ClientConnection"
        // The body runs where the caller does: in a `main`, on the main actor.
        line("\(api.modifier)nonisolated(nonsending) func \(shape.method)<R>(")
        indented { file in
            let answers = shape.hasServerRequests ? "answering answers: some \(file.answersProtocol(shape)), " : ""
            file.line("_ parameters: \(shape.path).Parameters, \(answers)_ body: nonisolated(nonsending) (\(connection)) async throws -> R")
        }
        block(") async throws -> R") { file in
            let address = SwiftLiteral.string(channel.address)
            let id = SwiftLiteral.string(channel.id)
            let call = file.api.supportType("ClientCall")
            file.line("\(channel.parameters.isEmpty ? "let" : "var") call = \(call)(operationID: \(id), method: .get, path: \(address))")
            file.sendParameters(channel.parameters, of: "parameters")
            let security = file.credentialUses(channel.security)
            let head = "(transport: any \(file.api.supportType("MessageTransport"))) async throws -> R in"
            let path = channel.serverPath.isEmpty ? "" : "behind: \(SwiftLiteral.string(channel.serverPath)), "
            file.line("return try await self.core.connect(call, \(path)security: \(security)) { \(head)")
            file.indented { file in
                guard !channel.requests.isEmpty else { return file.line("try await body(\(connection)(transport: transport))") }
                let rules = file.exchangeRules(shape, side: .client, principal: "")
                file.line("return try await \(connection).exchange(transport, \(rules.dropLast(2)), body)")
            }
            file.line("}")
        }
    }
}
