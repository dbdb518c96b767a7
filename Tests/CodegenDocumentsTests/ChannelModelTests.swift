import CodegenDocuments
import CodegenModel
import Testing

@Suite("AsyncAPI channels")
struct ChannelModelTests {
    private static let openAPI = """
        openapi: 3.1.0
        info: {title: Gateway, version: 2.0.0}
        paths: {}
        components:
          schemas:
            Frame: {type: object, properties: {type: {type: string}}}
        """

    private static let asyncAPI = """
        asyncapi: 3.0.0
        info: {title: Conversation, version: 1.0.0}
        defaultContentType: application/json
        servers:
          local: {host: localhost, pathname: /api/v1/, protocol: ws, security: [{$ref: '#/components/securitySchemes/bearerAuth'}]}
        channels:
          session:
            address: /ws/{session_id}
            parameters: {session_id: {description: Which session}}
            messages:
              userMessage: {$ref: '#/components/messages/userMessage'}
              cancel: {payload: {type: object, required: [type], properties: {type: {const: cancel}}}}
              frame: {payload: {$ref: 'openapi.yaml#/components/schemas/Frame'}}
            bindings:
              ws:
                query: {type: object, required: [v], properties: {deltas: {type: boolean, default: false}, v: {type: integer}}}
                headers: {type: object, properties: {X-Client: {type: string}}}
        operations:
          hear:
            action: receive
            channel: {$ref: '#/channels/session'}
            messages: [{$ref: '#/channels/session/messages/userMessage'}, {$ref: '#/channels/session/messages/cancel'}]
          say: {action: send, channel: {$ref: '#/channels/session'}, messages: [{$ref: '#/channels/session/messages/frame'}]}
        components:
          securitySchemes: {bearerAuth: {type: http, scheme: bearer}}
          messages:
            userMessage:
              summary: The user speaks
              payload: {type: object, required: [type], properties: {type: {const: user_message}, content: {type: string}}}
        """

    private func read() throws -> Service {
        try service(["/openapi.yaml": Self.openAPI, "/asyncapi.yaml": Self.asyncAPI], roots: ["/openapi.yaml", "/asyncapi.yaml"])
    }

    @Test("The channel, its parameters and its security")
    func channel() throws {
        let service = try read()
        #expect(service.title == "Gateway")
        let channel = try #require(service.channels.first)
        #expect(service.channels.count == 1)
        #expect(channel.swiftName == "session")
        #expect(channel.typeName == "Session")
        #expect(channel.address == "/api/v1/ws/{session_id}")
        #expect(channel.parameters.map(\.swiftName) == ["sessionID", "deltas", "v", "xClient"])
        #expect(channel.parameters.map(\.location) == [.path, .query, .query, .header])
        #expect(channel.parameters.map(\.isRequired) == [true, false, true, false])
        #expect(channel.parameters[1].defaultValue == .boolean(false))
        #expect(channel.security == [SecurityRequirement(schemes: [.init(swiftName: "bearerAuth", scopes: [])])])
        #expect(service.securitySchemes.map(\.name) == ["bearerAuth"])
    }

    @Test("Messages by direction, told apart by a constant")
    func messages() throws {
        let channel = try #require(try read().channels.first)
        #expect(channel.received.messages.map(\.swiftName) == ["userMessage", "cancel"])
        #expect(channel.received.messages.map(\.payload) == [TypeUse(.named("SessionUserMessage")), TypeUse(.named("SessionCancel"))])
        #expect(channel.received.union?.variants.map(\.discriminatorValues) == [["user_message"], ["cancel"]])
        #expect(channel.received.union?.selection == .property("type"))
        #expect(channel.sent.messages.map(\.payload) == [TypeUse(.named("Frame"))])
        #expect(channel.sent.union == nil)
    }
}
