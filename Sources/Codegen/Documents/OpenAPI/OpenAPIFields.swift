/// The fixed fields of OpenAPI's objects (3.1.1, section 4.8, with what 3.0 and 3.2 write otherwise).
enum OpenAPIFields {
    static let document = FieldTable(
        "OpenAPI Object", read: ["openapi", "info", "servers", "paths", "webhooks", "components", "security", "$self", "tags"],
        ignored: ["externalDocs", "jsonSchemaDialect"]
    )
    static let info = FieldTable(
        "Info Object", read: ["title", "version", "description"], ignored: ["summary", "termsOfService", "contact", "license"]
    )
    static let tag = FieldTable("Tag Object", read: ["name", "description", "parent", "kind"], ignored: ["summary", "externalDocs"])
    static let server = FieldTable("Server Object", read: ["url", "variables", "name", "description"])
    static let serverVariable = FieldTable("Server Variable Object", read: ["enum", "default", "description"])
    static let components = FieldTable(
        "Components Object", read: ["schemas", "securitySchemes"],
        ignored: ["responses", "parameters", "examples", "requestBodies", "headers", "links", "callbacks", "pathItems", "mediaTypes"]
    )
    static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"]
    static let pathItem = FieldTable(
        "Path Item Object", read: Set(methods).union(["$ref", "parameters", "servers", "additionalOperations"]),
        ignored: ["summary", "description"]
    )
    static let operation = FieldTable(
        "Operation Object",
        read: [
            "operationId", "summary", "description", "tags", "deprecated", "parameters", "requestBody", "responses", "security",
            "servers", "callbacks", "x-max-body-size", "x-swift-name",
        ],
        ignored: ["externalDocs"]
    )
    static let link = FieldTable(
        "Link Object", read: ["operationId", "operationRef", "parameters", "requestBody", "description"], ignored: ["server"]
    )
    static let parameter = FieldTable(
        "Parameter Object",
        read: ["name", "in", "required", "description", "schema", "style", "explode", "content", "allowReserved", "allowEmptyValue"],
        ignored: ["deprecated", "example", "examples"]
    )
    static let header = FieldTable(
        "Header Object", read: ["required", "description", "schema", "style", "explode", "content"],
        ignored: ["deprecated", "example", "examples"]
    )
    static let encoding = FieldTable(
        "Encoding Object", read: ["contentType", "headers", "style", "explode", "allowReserved"],
        unsupported: [
            "encoding": "use `x-streaming: true` and read the part's body",
            "prefixEncoding": "use `x-streaming: true` and read the part's body",
            "itemEncoding": "use `x-streaming: true` and read the part's body",
        ]
    )
    static let requestBody = FieldTable("Request Body Object", read: ["description", "content", "required"])
    static let mediaType = FieldTable(
        "Media Type Object",
        read: [
            "schema", "itemSchema", "x-itemSchema", "x-terminator", "x-streaming", "x-empty-as-absent", "encoding", "prefixEncoding",
            "itemEncoding",
        ], ignored: ["example", "examples"]
    )
    static let response = FieldTable("Response Object", read: ["description", "headers", "content", "links"], ignored: ["summary"])
    static let securityScheme = FieldTable(
        "Security Scheme Object", read: ["type", "description", "name", "in", "scheme", "flows"],
        ignored: ["bearerFormat", "openIdConnectUrl", "oauth2MetadataUrl", "deprecated"]
    )
    static let flows = FieldTable(
        "OAuth Flows Object", read: ["implicit", "password", "clientCredentials", "authorizationCode", "deviceAuthorization"]
    )
    static let flow = FieldTable(
        "OAuth Flow Object", read: ["scopes"], ignored: ["authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"]
    )
}
