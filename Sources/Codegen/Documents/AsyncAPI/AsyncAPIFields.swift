/// The fixed fields of AsyncAPI 3.0's objects.
enum AsyncAPIFields {
    static let document = FieldTable(
        "AsyncAPI Object",
        read: ["asyncapi", "info", "servers", "defaultContentType", "channels", "operations", "components"], ignored: ["id"]
    )
    static let info = FieldTable(
        "Info Object", read: ["title", "version", "description"],
        ignored: ["termsOfService", "contact", "license", "tags", "externalDocs"]
    )
    static let server = FieldTable(
        "Server Object", read: ["protocol", "pathname", "security"],
        ignored: ["host", "protocolVersion", "description", "title", "summary", "tags", "externalDocs", "bindings", "variables"]
    )
    static let components = FieldTable(
        "Components Object", read: ["schemas", "securitySchemes"],
        ignored: [
            "servers", "channels", "operations", "messages", "serverVariables", "parameters", "correlationIds", "externalDocs", "tags",
            "replies", "replyAddresses", "serverBindings", "channelBindings", "operationBindings", "messageBindings",
        ],
        unsupported: [
            "operationTraits": "write the fields into each operation", "messageTraits": "write the fields into each message",
        ]
    )
    static let channel = FieldTable(
        "Channel Object", read: ["address", "messages", "parameters", "bindings", "title", "summary", "description"],
        ignored: ["tags", "externalDocs", "servers"]
    )
    static let parameter = FieldTable(
        "Parameter Object", read: ["description", "enum", "default"], ignored: ["examples"],
        unsupported: ["location": "a channel parameter is taken from the address"]
    )
    static let channelBindings = FieldTable(
        "Channel Bindings Object", read: ["ws"],
        unsupported: Dictionary(
            uniqueKeysWithValues: [
                "http", "kafka", "anypointmq", "amqp", "amqp1", "mqtt", "mqtt5", "nats", "jms", "sns", "sqs", "stomp", "redis", "mercure",
                "ibmmq", "googlepubsub", "pulsar", "solace",
            ].map { ($0, "a channel is a WebSocket here: describe it under `ws`") }
        )
    )
    static let webSocketBinding = FieldTable(
        "WebSockets Channel Binding Object", read: ["method", "query", "headers"], ignored: ["bindingVersion"]
    )
    static let operation = FieldTable(
        "Operation Object", read: ["action", "channel", "messages", "security"],
        ignored: ["title", "summary", "description", "tags", "externalDocs", "bindings"],
        unsupported: [
            "traits": "write the fields into the operation", "reply": "declare the answer as an operation of its own",
        ]
    )
    static let message = FieldTable(
        "Message Object", read: ["payload", "contentType", "title", "summary", "description"],
        ignored: ["name", "tags", "externalDocs", "examples", "bindings"],
        unsupported: [
            "headers": "a WebSocket frame has none: put them into the payload", "correlationId": "make it a property of the payload",
            "traits": "write the fields into the message",
        ]
    )
    static let multiFormatSchema = FieldTable("Multi Format Schema Object", read: ["schemaFormat", "schema"])
    static let securityScheme = FieldTable(
        "Security Scheme Object", read: ["type", "description", "name", "in", "scheme", "flows", "scopes"],
        ignored: ["bearerFormat", "openIdConnectUrl"]
    )
    static let flows = FieldTable("OAuth Flows Object", read: ["implicit", "password", "clientCredentials", "authorizationCode"])
    static let flow = FieldTable(
        "OAuth Flow Object", read: ["availableScopes"], ignored: ["authorizationUrl", "tokenUrl", "refreshUrl"]
    )
}
