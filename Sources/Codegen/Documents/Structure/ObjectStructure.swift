/// The structure of one kind of object, by version: the fields that it may have, and which of them it must have.
///
/// Taken from the texts of OpenAPI 3.0.4, 3.1.1 and 3.2.0 (section 4, "Schema", of each) and their JSON Schemas.
struct ObjectStructure: Sendable {
    struct Field: Sendable {
        let kind: ValueKind
        var first = OpenAPIVersion.v3_0
        var last = OpenAPIVersion.v3_2
        /// What to write in a version that does not have the field.
        var help: String?

        init(_ kind: ValueKind, since first: OpenAPIVersion = .v3_0, until last: OpenAPIVersion = .v3_2, help: String? = nil) {
            self.kind = kind
            self.first = first
            self.last = last
            self.help = help
        }

        func exists(in version: OpenAPIVersion) -> Bool { first <= version && version <= last }
    }

    struct Requirement: Sendable, ExpressibleByStringLiteral {
        let field: String
        /// The last version that asks for it.
        let last: OpenAPIVersion

        init(_ field: String, until last: OpenAPIVersion = .v3_2) {
            self.field = field
            self.last = last
        }

        init(stringLiteral field: String) { self.init(field) }
    }

    /// As the specification calls it, such as `Operation Object`.
    let name: String
    var required: [Requirement] = []
    /// Fields of which at most one may be there.
    var exclusive: [[String]] = []
    /// Fields of which one must be there, and only one.
    var exactlyOne: [[String]] = []
    var fields: [String: Field] = [:]
    /// What members that are no fields of their own must be, where any name may stand: paths, statuses, expressions.
    var members: ValueKind?

    static func of(_ kind: ObjectKind) -> ObjectStructure { all[kind.rawValue] }

    private static let all: [ObjectStructure] = ObjectKind.allCases.map(make)

    private static func make(_ kind: ObjectKind) -> ObjectStructure {
        switch kind {
        case .document: document
        case .info: info
        case .contact: contact
        case .license: license
        case .server: server
        case .serverVariable: serverVariable
        case .components: components
        case .paths: ObjectStructure(name: "Paths Object", members: .object(.pathItem))
        case .pathItem: pathItem
        case .operation: operation
        case .externalDocumentation: externalDocumentation
        case .parameter: parameter
        case .requestBody: requestBody
        case .mediaType: mediaType
        case .encoding: encoding
        case .responses: ObjectStructure(name: "Responses Object", members: .referable(.response))
        case .response: response
        case .callback: ObjectStructure(name: "Callback Object", members: .object(.pathItem))
        case .example: example
        case .link: link
        case .header: header
        case .tag: tag
        case .securityScheme: securityScheme
        case .flows: flows
        case .implicitFlow: flow(["authorizationUrl", "scopes"])
        case .passwordFlow, .clientCredentialsFlow: flow(["tokenUrl", "scopes"])
        case .authorizationCodeFlow: flow(["authorizationUrl", "tokenUrl", "scopes"])
        case .deviceAuthorizationFlow: flow(["deviceAuthorizationUrl", "tokenUrl", "scopes"])
        case .securityRequirement: ObjectStructure(name: "Security Requirement Object", members: .list(.string))
        case .schema: schema
        case .discriminator: discriminator
        case .xml: xml
        }
    }
}
