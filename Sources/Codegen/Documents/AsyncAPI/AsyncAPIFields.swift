/// The fixed fields of AsyncAPI 3.0's and 3.1's objects.
enum AsyncAPIFields {
    static let document = FieldTable(
        "AsyncAPI Object",
        read: ["asyncapi", "info", "servers", "defaultContentType", "channels", "operations", "components", "x-role"], ignored: ["id"]
    )
    static let info = FieldTable(
        "Info Object", read: ["title", "version", "description"],
        ignored: ["termsOfService", "contact", "license", "tags", "externalDocs"]
    )
    static let server = FieldTable(
        "Server Object",
        read: ["host", "protocol", "pathname", "security", "variables", "bindings", "title", "summary", "description"],
        ignored: ["protocolVersion", "tags", "externalDocs"]
    )
    static let serverVariable = FieldTable(
        "Server Variable Object", read: ["enum", "default", "description"], ignored: ["examples"])
    static let components = FieldTable(
        "Components Object",
        read: [
            "schemas", "securitySchemes", "servers", "channels", "operations", "messages", "serverVariables", "parameters",
            "correlationIds",
            "replies", "replyAddresses", "operationTraits", "messageTraits", "serverBindings", "channelBindings", "operationBindings",
            "messageBindings",
        ],
        ignored: ["externalDocs", "tags"]
    )
    static let channel = FieldTable(
        "Channel Object",
        read: [
            "address", "messages", "parameters", "bindings", "title", "summary", "description", "servers", "x-close-codes",
            "x-message-envelope",
        ],
        ignored: ["tags", "externalDocs"]
    )
    static let closeCode = FieldTable("close code", read: ["name", "description"])
    static let envelope = FieldTable("message envelope", read: ["type", "headers", "payload"])
    static let parameter = FieldTable(
        "Parameter Object", read: ["description", "enum", "default", "location"], ignored: ["examples"]
    )
    static let webSocketBinding = FieldTable(
        "WebSockets Channel Binding Object", read: ["method", "query", "headers"], ignored: ["bindingVersion"]
    )
    static let operation = FieldTable(
        "Operation Object",
        read: ["action", "channel", "messages", "security", "traits", "reply", "summary", "title", "description", "bindings"],
        ignored: ["tags", "externalDocs"]
    )
    static let operationTrait = FieldTable(
        "Operation Trait Object", read: ["security", "summary", "title", "description", "bindings"], ignored: ["tags", "externalDocs"]
    )
    static let reply = FieldTable("Operation Reply Object", read: ["address", "channel", "messages"])
    static let replyAddress = FieldTable("Operation Reply Address Object", read: ["location"], ignored: ["description"])
    static let correlationID = FieldTable("Correlation ID Object", read: ["location"], ignored: ["description"])
    static let message = FieldTable(
        "Message Object",
        read: [
            "payload", "headers", "correlationId", "contentType", "name", "title", "summary", "description", "traits", "examples",
            "deprecated", "bindings",
        ],
        ignored: ["tags", "externalDocs"]
    )
    static let messageTrait = FieldTable(
        "Message Trait Object",
        read: [
            "headers", "correlationId", "contentType", "name", "title", "summary", "description", "examples", "deprecated", "bindings",
        ],
        ignored: ["tags", "externalDocs"]
    )
    static let messageExample = FieldTable("Message Example Object", read: ["headers", "payload"], ignored: ["name", "summary"])
    static let multiFormatSchema = FieldTable("Multi Format Schema Object", read: ["schemaFormat", "schema"])
    static let securityScheme = FieldTable(
        "Security Scheme Object", read: ["type", "description", "name", "in", "scheme", "flows", "scopes"],
        ignored: ["bearerFormat", "openIdConnectUrl"]
    )
    static let flows = FieldTable("OAuth Flows Object", read: ["implicit", "password", "clientCredentials", "authorizationCode"])
    static let flow = FieldTable(
        "OAuth Flow Object", read: ["availableScopes"], ignored: ["authorizationUrl", "tokenUrl", "refreshUrl"]
    )

    /// The protocols that bindings may be for (AsyncAPI 3.1, sections 3.12 to 3.15). A binding says how a protocol's own client is set up;
    /// only that of a WebSocket channel changes what is generated.
    static let bindings = FieldTable(
        "Bindings Object", read: ["ws"],
        ignored: [
            "http", "kafka", "anypointmq", "amqp", "amqp1", "mqtt", "mqtt5", "nats", "jms", "sns", "sqs", "stomp", "redis", "mercure",
            "ibmmq", "googlepubsub", "pulsar", "solace", "ros2",
        ]
    )
}
