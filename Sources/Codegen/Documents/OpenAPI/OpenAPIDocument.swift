import CodegenModel

/// An OpenAPI document (versions 3.0, 3.1 and 3.2), read and with the references between its objects followed; schemas are still nodes.
struct OpenAPIDocument {
    let file: SourceFile
    var title = ""
    var version = ""
    var description: String?
    /// The path of the first server's URL, without a slash at its end.
    var basePath = ""
    var pathItems: [PathItem] = []
    /// `security` of the document; nil when absent.
    var security: [SecurityRequirementObject]?
    var securitySchemes: [String: SecuritySchemeObject] = [:]
    /// `components/schemas`.
    var schemas: [DocumentNode.Member] = []

    struct PathItem {
        let path: String
        let position: SourcePosition
        var parameters: [ParameterObject] = []
        var operations: [OperationObject] = []
    }

    var operations: [(item: PathItem, operation: OperationObject)] {
        pathItems.flatMap { item in item.operations.map { (item, $0) } }
    }
}

/// One HTTP method of a path (OpenAPI 3.1, section 4.8.10).
struct OperationObject {
    /// Upper case.
    let method: String
    /// The place of the method's key.
    let position: SourcePosition
    var operationID: (value: String, position: SourcePosition)?
    var summary: String?
    var description: String?
    var tags: [String] = []
    var isDeprecated = false
    var parameters: [ParameterObject] = []
    var requestBody: RequestBodyObject?
    var responses: [ResponseObject] = []
    /// The place of the `responses` key, or of the operation.
    var responsesPosition: SourcePosition
    var security: [SecurityRequirementObject]?
    var maxBodySize: Int?
}

/// OpenAPI 3.1, section 4.8.12.
struct ParameterObject {
    let node: DocumentNode
    let name: String
    let location: ParameterLocation
    let isRequired: Bool
    let description: String?
    let schema: DocumentNode?
}

/// OpenAPI 3.1, section 4.8.13.
struct RequestBodyObject {
    let node: DocumentNode
    let isRequired: Bool
    let description: String?
    let content: [MediaTypeObject]
}

/// OpenAPI 3.1, section 4.8.14, with `itemSchema` of 3.2.
struct MediaTypeObject {
    /// Without parameters, lower case.
    let mediaType: String
    let position: SourcePosition
    let schema: DocumentNode?
    let itemSchema: DocumentNode?
    let terminator: String?
}

/// OpenAPI 3.1, section 4.8.17.
struct ResponseObject {
    let status: Response.Status
    let position: SourcePosition
    let description: String?
    let headers: [HeaderObject]
    let content: [MediaTypeObject]
}

/// OpenAPI 3.1, section 4.8.21.
struct HeaderObject {
    let name: String
    let position: SourcePosition
    let isRequired: Bool
    let description: String?
    let schema: DocumentNode?
}

/// One alternative of `security`.
struct SecurityRequirementObject {
    struct Scheme {
        let name: String
        let position: SourcePosition
        let scopes: [(name: String, position: SourcePosition)]
    }

    let position: SourcePosition
    let schemes: [Scheme]
}

/// OpenAPI 3.1, section 4.8.27.
struct SecuritySchemeObject {
    let name: String
    let kind: SecurityScheme.Kind
    let description: String?
    /// Scopes that the flows of an `oauth2` scheme declare; nil when the scheme declares none.
    let declaredScopes: Set<String>?
}
