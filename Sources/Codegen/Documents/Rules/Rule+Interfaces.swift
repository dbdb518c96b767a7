import CodegenModel

extension Rule {
    static let responseStatus = Rule(
        "response-status", "A response's key is a status.",
        explanation: "Keys are `100` to `599`, ranges `1XX` to `5XX`, and `default` (OpenAPI 3.1, section 4.8.16)."
    )
    static let headerIgnored = Rule(
        "header-ignored", "Headers that OpenAPI handles elsewhere are no parameters.", severity: .warning, help: "remove it",
        explanation:
            "`Accept` and `Content-Type` follow from the media types, `Authorization` from `security` (OpenAPI 3.1, section 4.8.12.2)."
    )
    static let parameterType = Rule(
        "parameter-type", "A parameter or header can be written as text.",
        isSkippable: true,
        explanation: """
            Scalars, arrays of them, and objects of them, in the styles of OpenAPI 3.2, section 4.12.6; objects in objects in the style
            `deepObject` only. Anything else goes into `content` with application/json: the parameter is JSON text then.
            """
    )
    static let formType = Rule(
        "form-type", "A form is an object.",
        isSkippable: true,
        explanation:
            "`application/x-www-form-urlencoded` has names and values only: an array repeats its name, a nested object is JSON text."
    )
    static let securityUndeclared = Rule(
        "security-undeclared", "A security requirement names declared scopes.",
        help: "declare it under components/securitySchemes",
        explanation: "Scopes of an `oauth2` scheme are declared in its flows; other schemes take any role names."
    )
    static let securityConflict = Rule(
        "security-conflict", "One name means one security scheme, and one channel has one.",
        explanation: "All documents of a service share one security handler, and a WebSocket is authenticated once, when it is opened."
    )
    static let configuration = Rule(
        "configuration", "The values of codegen.yaml are ones that it knows.",
        explanation: """
            documents: the OpenAPI and AsyncAPI documents, relative to codegen.yaml. strict: true asks for operation ids and error responses.
            types: schema name to Swift type outside the generated code. access: public, package or internal. filter: which operations, by
            operations, tags and paths, and exclude with the same lists. names: operation id, schema or schema.property to Swift name.
            protocols: single or tags. generate: some of types, server and client. transports: protocols that the application brings an
            EventTransport for. docs/guides/configuration.md shows each of them.
            """
    )
}
