/// The objects of OpenAPI, each with a table in ``ObjectStructure``.
enum ObjectKind: Int, CaseIterable, Sendable {
    case document, info, contact, license, server, serverVariable, components, paths, pathItem, operation, externalDocumentation
    case parameter, requestBody, mediaType, encoding, responses, response, callback, example, link, header, tag, securityScheme
    case flows, implicitFlow, passwordFlow, clientCredentialsFlow, authorizationCodeFlow, deviceAuthorizationFlow, securityRequirement
    case schema, discriminator, xml

    /// The part of the Components Object that holds objects of this kind.
    var componentsField: String? {
        switch self {
        case .schema: "schemas"
        case .response: "responses"
        case .parameter: "parameters"
        case .example: "examples"
        case .requestBody: "requestBodies"
        case .header: "headers"
        case .securityScheme: "securitySchemes"
        case .link: "links"
        case .callback: "callbacks"
        case .pathItem: "pathItems"
        case .mediaType: "mediaTypes"
        default: nil
        }
    }
}
