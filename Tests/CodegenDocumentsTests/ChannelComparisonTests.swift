import CodegenModel
import Testing

@testable import CodegenDocuments

@Suite("Changes of channels, and whom they break")
struct ChannelComparisonTests {
    static let document = """
        asyncapi: 3.0.0
        info: {title: T, version: '1'}
        servers:
          web: {host: localhost, protocol: ws}
          bus: {host: localhost, protocol: kafka}
        channels:
          chat:
            address: /chat/{room}
            servers: [{$ref: '#/servers/web'}]
            parameters: {room: {enum: [a, b]}}
            x-close-codes: {4000: {description: Full}}
            messages:
              said: {payload: {type: object, required: [type], properties: {type: {const: said}, text: {type: string}}}}
              left: {payload: {type: object, required: [type], properties: {type: {const: left}}}}
              heard: {payload: {type: object, required: [type], properties: {type: {const: heard}, id: {type: string}}}}
              asked: {correlationId: {location: '$message.payload#/id'}, payload: {type: object, required: [type], properties: {type: {const: asked}, id: {type: string}, other: {type: string}}}}
              answered: {correlationId: {location: '$message.payload#/id'}, payload: {type: object, required: [type], properties: {type: {const: answered}, id: {type: string}}}}
          lights:
            address: lights.{id}.measured
            servers: [{$ref: '#/servers/bus'}]
            parameters: {id: {}}
            messages:
              measured: {headers: {type: object, required: [at], properties: {at: {type: string}}}, payload: {type: object, properties: {lumens: {type: integer, format: int32}}}}
              dimmed: {payload: {type: object, properties: {percent: {type: integer}}}}
          orders:
            address: orders
            servers: [{$ref: '#/servers/bus'}]
            messages:
              order: {headers: {type: object, required: [replyTo], properties: {replyTo: {type: string}}}, payload: {type: object, properties: {name: {type: string}}}}
              receipt: {payload: {type: object, properties: {number: {type: integer}}}}
        operations:
          say: {action: receive, channel: {$ref: '#/channels/chat'}, messages: [{$ref: '#/channels/chat/messages/said'}, {$ref: '#/channels/chat/messages/left'}]}
          hear: {action: send, channel: {$ref: '#/channels/chat'}, messages: [{$ref: '#/channels/chat/messages/heard'}]}
          ask: {action: receive, channel: {$ref: '#/channels/chat'}, messages: [{$ref: '#/channels/chat/messages/asked'}], reply: {messages: [{$ref: '#/channels/chat/messages/answered'}]}}
          measure: {action: receive, channel: {$ref: '#/channels/lights'}, messages: [{$ref: '#/channels/lights/messages/measured'}]}
          dim: {action: send, channel: {$ref: '#/channels/lights'}, messages: [{$ref: '#/channels/lights/messages/dimmed'}]}
          order: {action: receive, channel: {$ref: '#/channels/orders'}, messages: [{$ref: '#/channels/orders/messages/order'}], reply: {address: {location: '$message.header#/replyTo'}, messages: [{$ref: '#/channels/orders/messages/receipt'}]}}
        """

    static let cases: [ChangeCase] = [
        ChangeCase(", {$ref: '#/channels/chat/messages/left'}]", "]", "message-removed B/-", "message-added -/B"),
        ChangeCase(
            "[{$ref: '#/channels/chat/messages/heard'}]",
            "[{$ref: '#/channels/chat/messages/heard'}, {$ref: '#/channels/chat/messages/left'}]", "message-added B/-",
            "message-removed -/B"),
        ChangeCase("address: /chat/", "address: /talk/", "channel-moved B/B", "channel-moved B/B"),
        ChangeCase(
            "operations:\n",
            "  pulse: {address: /pulse, servers: [{$ref: '#/servers/web'}], messages: {beat: {payload: {type: integer}}}}\noperations:\n  beat: {action: send, channel: {$ref: '#/channels/pulse'}}\n",
            "channel-added -/B", "channel-removed B/-"),
        ChangeCase(
            "parameters: {room: {enum: [a, b]}}", "parameters: {room: {enum: [a]}}", "enum-value-removed B/-", "enum-value-added -/B"),
        ChangeCase(
            "4000: {description: Full}", "4000: {description: Full}, 4001: {description: Late}", "close-code-added ?/-",
            "close-code-removed -/-"),
        ChangeCase("text: {type: string}", "text: {type: string, maxLength: 9}", "constraint-tightened B/-", "constraint-loosened -/B"),
        ChangeCase(
            ", reply: {messages: [{$ref: '#/channels/chat/messages/answered'}]}", "", "message-removed -/B, reply-removed B/-",
            "message-added B/-, reply-added -/B"),
        ChangeCase(
            "location: '$message.payload#/id'}, payload: {type: object, required: [type], properties: {type: {const: asked}",
            "location: '$message.payload#/other'}, payload: {type: object, required: [type], properties: {type: {const: asked}",
            "reply-changed B/B", "reply-changed B/B"),
        ChangeCase(
            "reply: {messages: [{$ref: '#/channels/chat/messages/answered'}]}",
            "reply: {messages: [{$ref: '#/channels/chat/messages/answered'}, {$ref: '#/channels/chat/messages/heard'}]}",
            "reply-changed B/B", "reply-changed B/B"),
        ChangeCase(
            "address: lights.", "address: lamps.", "channel-moved B/B", "channel-moved B/B"),
        ChangeCase(
            "protocol: kafka", "protocol: mqtt", "channel-moved B/B, channel-moved B/B", "channel-moved B/B, channel-moved B/B"),
        ChangeCase(
            "format: int32", "format: int64", "type-changed -/B", "type-changed B/-"),
        ChangeCase(
            "properties: {percent: {type: integer}}", "required: [percent], properties: {percent: {type: integer}}",
            "property-required -/B", "property-optional B/-"),
        ChangeCase(
            "measured: {headers: {type: object, required: [at], properties: {at: {type: string}}}, ", "measured: {", "header-removed -/B",
            "header-added B/-"),
        ChangeCase(
            "properties: {at: {type: string}}", "properties: {at: {type: string, maxLength: 9}}", "constraint-tightened B/-",
            "constraint-loosened -/B"),
        ChangeCase(
            "measured: {headers", "measured: {contentType: application/vnd.light+json, headers", "encoding-changed B/B",
            "encoding-changed B/B"),
        ChangeCase(
            "dim: {action: send", "dim: {action: receive", "operation-removed B/-, operation-added -/B",
            "operation-removed B/-, operation-added -/B"),
        ChangeCase(
            "  lights:\n",
            "  lamps: {address: lamps, servers: [{$ref: '#/servers/bus'}], messages: {lit: {payload: {type: integer}}}}\n  lights:\n",
            "channel-added -/B",
            "channel-removed B/-"),
        ChangeCase(
            "name: {type: string}", "name: {type: integer}", "type-changed B/B", "type-changed B/B"),
        ChangeCase(
            "number: {type: integer}", "number: {type: string}", "type-changed B/B", "type-changed B/B"),
        ChangeCase(
            "location: '$message.header#/replyTo'", "location: '$message.payload#/name'", "reply-changed B/B", "reply-changed B/B"),
        ChangeCase(
            ", reply: {address: {location: '$message.header#/replyTo'}, messages: [{$ref: '#/channels/orders/messages/receipt'}]}", "",
            "reply-removed B/-", "reply-added -/B"),
    ]

    @Test("A change is classed for clients and servers, in both directions", arguments: cases)
    func change(example: ChangeCase) throws { try example.check(in: Self.document) }

    @Test("Each change is told with its place in both documents")
    func golden() throws { try ChangeCase.checkGolden("channels", Self.cases, in: Self.document) }

    @Test("A document has no changes to itself")
    func same() throws {
        let service = try ChangeCase.service(Self.document)
        #expect(ServiceComparison.changes(from: service, to: service).isEmpty)
    }
}
