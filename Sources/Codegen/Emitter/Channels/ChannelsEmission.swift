import CodegenModel

/// `Channels.swift`: the frames of each channel, the handler's protocol, and both sides of the connection.
extension SourceFile {
    mutating func declareChannels() {
        guard api.options.parts.contains(.types) else { return }
        declareWebSockets(api.service.channels)
        declareEvents()
    }

    private mutating func declareWebSockets(_ channels: [Channel]) {
        guard !channels.isEmpty else { return }
        expose("APISupport")
        use("HTTPTypes")
        line("/// The channels of the document.")
        line("\(api.modifier)enum Channels {}")
        for channel in channels {
            let shape = ChannelShape(channel: channel, api: api)
            line("")
            block("extension \(api.generatedType("Channels"))") { file in
                file.channelDocumentation(channel)
                file.block("\(file.api.modifier)enum \(channel.typeName)") { $0.declareChannel(shape) }
            }
            conform(shape.fromClient, "\(shape.path).FromClient")
            conform(shape.fromServer, "\(shape.path).FromServer")
            line("")
            block("extension \(shape.path).Parameters") { $0.readChannelParameters(channel.parameters) }
            conformExchanges(shape)
        }
        if api.options.parts.contains(.server) {
            declareChannelHandler(channels)
            declareChannelServer(channels)
        }
        if api.options.parts.contains(.client) {
            declareClientAnswers(channels)
            declareChannelClient(channels)
        }
    }

    private mutating func channelDocumentation(_ channel: Channel) {
        documentation(channel.summary, channel.description == channel.summary ? nil : channel.description, "`\(channel.address)`")
    }

    private mutating func declareChannel(_ shape: ChannelShape) {
        line("/// The address template.")
        line("\(api.modifier)static let address = \(SwiftLiteral.string(shape.channel.address))")
        line("")
        line("/// What a client says when it connects.")
        block("\(api.modifier)struct Parameters: Sendable") { file in
            file.declareMemberwiseInit(file.declareParameters(shape.channel.parameters))
        }
        declareCaller(shape.channel.security)
        line("")
        declareDirection(shape.fromClient, "FromClient", "What clients send.")
        line("")
        declareDirection(shape.fromServer, "FromServer", "What the server sends.")
        line("")
        let connection = api.supportType("MessageConnection")
        line("/// The server's side of a connection.")
        line("\(api.modifier)typealias ServerConnection = \(connection)<FromClient, FromServer>")
        line("/// A client's side of a connection.")
        line("\(api.modifier)typealias ClientConnection = \(connection)<FromServer, FromClient>")
        declareExchanges(shape)
        declareCloseCodes(shape.channel.closeCodes)
    }

    private mutating func declareCloseCodes(_ codes: [CloseCode]) {
        guard !codes.isEmpty else { return }
        line("")
        line("/// Why a connection is closed, beside the reasons that RFC 6455 knows.")
        let raw = api.standardType("UInt16")
        block("\(api.modifier)enum CloseCode: \(raw), \(api.supportType("ChannelCloseCode")), \(api.standardType("CaseIterable"))") {
            file in
            for code in codes {
                file.documentation(code.description)
                file.line("case \(SwiftLiteral.identifier(code.swiftName)) = \(code.code)")
            }
        }
    }

    private mutating func declareDirection(_ direction: ChannelShape.Direction, _ name: String, _ text: String) {
        documentation(text)
        switch direction {
        case .payload(let use):
            expose(use)
            line("\(api.modifier)typealias \(name) = \(api.type(use))")
        case .union(let union): declareUnion(name, union, conformances: ", Equatable", isIndirect: false)
        case .nothing: line("\(api.modifier)enum \(name): Sendable, Equatable {}")
        }
    }

    mutating func conform(_ direction: ChannelShape.Direction, _ path: String) {
        let conformances = "\(api.supportType("JSONReadable")), \(api.supportType("JSONWritable"))"
        switch direction {
        case .payload: break
        case .union(let union):
            line("")
            block("extension \(path): \(conformances)") { file in
                if union.variants.count > 1 {
                    file.readUnion(union)
                } else {
                    file.readerFunction { $0.returnVariant(union.variants[0]) }
                }
                file.line("")
                file.writeUnion(union)
            }
        case .nothing:
            line("")
            block("extension \(path): \(conformances)") { file in
                file.readerFunction { file in
                    file.line("try json.rejectType(\"absent: no message goes this way\")")
                    file.line("return nil")
                }
                file.line("")
                file.writerFunction { _ in }
            }
        }
    }

    mutating func readChannelParameters(_ parameters: [Parameter]) {
        block("static func read(from request: \(api.supportType("ServerRequest"))) throws -> Self") { file in
            guard !parameters.isEmpty else { return file.line("Self()") }
            file.line("var reader = \(file.api.supportType("InputReader"))(request)")
            let locals = file.readParameters(parameters)
            file.returnInput(locals)
        }
    }
}
