import CodegenModel

/// An OpenAPI document (versions 3.0, 3.1 and 3.2), read and with the references between its objects followed; schemas are still nodes.
struct OpenAPIDocument {
    let file: SourceFile
    var title = ""
    var version = ""
    var description: String?
    /// `$self` of OpenAPI 3.2: the document's own URI.
    var selfURI: String?
    /// `servers`, in order.
    var servers: [ServerObject] = []
    /// The path of the first server's URL, without a slash at its end.
    var basePath: String { servers.first?.path ?? "" }
    var pathItems: [PathItem] = []
    /// `webhooks`: the key is a name, no path.
    var webhooks: [PathItem] = []
    /// `security` of the document; nil when absent.
    var security: [SecurityRequirementObject]?
    var securitySchemes: [String: SecuritySchemeObject] = [:]
    /// `components/schemas`.
    var schemas: [DocumentNode.Member] = []

    struct PathItem {
        let path: String
        let position: SourcePosition
        /// Of a webhook or a callback: its name, from which operations without an `operationId` are named.
        var name: String?
        /// `servers` of the path; nil when absent.
        var servers: [ServerObject]?
        var parameters: [ParameterObject] = []
        var operations: [OperationObject] = []
    }

    /// What the document's server does.
    var operations: [(item: PathItem, operation: OperationObject)] {
        pathItems.flatMap { item in item.operations.map { (item, $0) } }
    }

    /// What receivers of webhooks do.
    var webhookOperations: [(item: PathItem, operation: OperationObject)] {
        webhooks.flatMap { item in item.operations.map { (item, $0) } }
    }

    /// What receivers of callbacks do, each described once however many operations share it.
    var callbackOperations: [(item: PathItem, operation: OperationObject)] {
        var seen: Set<ObjectIdentifier> = []
        var found: [(item: PathItem, operation: OperationObject)] = []
        var pending = (operations + webhookOperations).map(\.operation)
        var next = 0
        while next < pending.count {
            for item in pending[next].callbacks.flatMap(\.items) {
                for operation in item.operations where seen.insert(operation.node.id).inserted {
                    found.append((item, operation))
                    pending.append(operation)
                }
            }
            next += 1
        }
        return found
    }
}

/// One HTTP method of a path (OpenAPI 3.1, section 4.8.10).
struct OperationObject {
    let node: DocumentNode
    /// As it is sent: upper case but for `additionalOperations`, whose keys are methods as written.
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
    /// `servers` of the operation; nil when absent.
    var servers: [ServerObject]?
    var callbacks: [CallbackObject] = []
    var maxBodySize: Int?

    /// Members whose names begin with `x-`, for rules.
    var extensions: [DocumentNode.Member] { node.members.filter { $0.key.hasPrefix("x-") } }
}

/// OpenAPI 3.1, section 4.8.5.
struct ServerObject {
    /// With its variables in braces.
    let url: String
    let position: SourcePosition
    /// OpenAPI 3.2.
    let name: String?
    let description: String?
    let variables: [Variable]

    struct Variable {
        let name: String
        let description: String?
        let defaultValue: String
        /// Empty: any text.
        let values: [String]
    }

    /// The URL with the variables' defaults in place.
    var defaultURL: String {
        variables.reduce(url) { $0.replacing("{\($1.name)}", with: $1.defaultValue) }
    }

    /// The path of ``defaultURL``, without a slash at its end: `http://localhost:8000/api/v1/` gives `/api/v1`.
    var path: String { Self.path(of: defaultURL) }

    /// Scheme and authority of ``defaultURL``; nil when the URL is relative to the document's place.
    var origin: String? {
        let url = defaultURL
        guard let authority = url.firstRange(of: "://") else { return nil }
        return String(url[..<(url[authority.upperBound...].firstIndex(of: "/") ?? url.endIndex)])
    }

    private static func path(of url: String) -> String {
        var path = url[...]
        if let authority = url.firstRange(of: "://") {
            path = url[authority.upperBound...]
            path = path.firstIndex(of: "/").map { path[$0...] } ?? ""
        }
        while path.hasPrefix("./") || path.hasPrefix("../") {
            path = path[path.index(after: path.firstIndex(of: "/") ?? path.startIndex)...]
        }
        while path.hasSuffix("/") { path = path.dropLast() }
        return path.isEmpty || path == "." ? "" : path.hasPrefix("/") ? String(path) : "/" + path
    }
}

/// OpenAPI 3.1, section 4.8.18.
struct CallbackObject {
    let name: String
    let position: SourcePosition
    /// The keys are runtime expressions.
    let items: [OpenAPIDocument.PathItem]
}

/// OpenAPI 3.1, section 4.8.20.
struct LinkObject {
    let name: String
    let position: SourcePosition
    let description: String?
    let operationID: DocumentNode?
    let operationReference: DocumentNode?
    let parameters: [DocumentNode.Member]
    let requestBody: DocumentNode?
}

/// OpenAPI 3.1, section 4.8.12.
struct ParameterObject {
    let node: DocumentNode
    let name: String
    let location: ParameterLocation
    let isRequired: Bool
    let description: String?
    /// Its own, or that of its `content`.
    let schema: DocumentNode?
    let encoding: ParameterEncoding
    let allowsEmptyValue: Bool
}

/// OpenAPI 3.1, section 4.8.13.
struct RequestBodyObject {
    let node: DocumentNode
    let isRequired: Bool
    let description: String?
    let content: [MediaTypeObject]
}

/// OpenAPI 3.2, section 4.14.
struct MediaTypeObject {
    /// Without parameters, lower case.
    let mediaType: String
    /// All but `charset`.
    let mediaTypeParameters: [String]
    let position: SourcePosition
    let schema: DocumentNode?
    let itemSchema: DocumentNode?
    let terminator: String?
    /// `x-streaming: true`: the body is handed on as it comes.
    let isStreamed: Bool
    let emptyIsAbsent: Bool
    /// `encoding`: a field's name and its Encoding Object.
    let encoding: [DocumentNode.Member]
    /// `prefixEncoding` and `itemEncoding`.
    let positionalEncoding: [DocumentNode.Member]

    static func isJSON(_ mediaType: String) -> Bool {
        let essence = mediaType.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        return essence == "application/json" || essence == "text/json" || essence.hasSuffix("+json")
    }
}

/// OpenAPI 3.1, section 4.8.17.
struct ResponseObject {
    let status: Response.Status
    let position: SourcePosition
    let description: String?
    let headers: [HeaderObject]
    let content: [MediaTypeObject]
    let links: [LinkObject]
}

/// OpenAPI 3.1, section 4.8.21.
struct HeaderObject {
    let name: String
    let position: SourcePosition
    let isRequired: Bool
    let description: String?
    /// Its own, or that of its `content`.
    let schema: DocumentNode?
    let encoding: ParameterEncoding
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
