/// One HTTP operation (OpenAPI Operation Object).
public struct Operation: Sendable, Equatable {
    /// `operationId` as written.
    public var id: String
    /// Swift method name; the type in `Operations` is ``typeName``.
    public var swiftName: String
    public var typeName: String
    /// Upper case, such as `GET`.
    public var method: String
    /// Scheme and authority of the first of the operation's or its path's own `servers`; nil when it has none, or a relative one.
    public var origin: String?
    /// The path template, such as `/sessions/{session_id}`, with the path of the document's first server in front of it when it has one.
    public var path: String
    public var summary: String?
    public var description: String?
    public var tags: [String]
    public var isDeprecated: Bool
    /// Path, query, header and cookie parameters in that order, document order within.
    public var parameters: [Parameter]
    public var requestBody: RequestBody?
    /// Sorted: exact statuses ascending, then ranges, then default.
    public var responses: [Response]
    /// Empty: no security. Otherwise alternatives.
    public var security: [SecurityRequirement]
    /// `x-max-body-size` in bytes, when declared.
    public var maxBodySize: Int?
    /// The name of the webhook or callback that it is an operation of; ``path`` is then no path of the document's server.
    public var hookName: String?
    /// Callbacks that it asks for, with where they are sent to.
    public var callbacks: [Callback] = []
    public var position: SourcePosition

    public init(
        id: String, swiftName: String, typeName: String, method: String, path: String, summary: String? = nil,
        description: String? = nil, tags: [String] = [], isDeprecated: Bool = false, parameters: [Parameter] = [],
        requestBody: RequestBody? = nil, responses: [Response], security: [SecurityRequirement] = [],
        maxBodySize: Int? = nil, position: SourcePosition
    ) {
        self.id = id
        self.swiftName = swiftName
        self.typeName = typeName
        self.method = method
        self.path = path
        self.summary = summary
        self.description = description
        self.tags = tags
        self.isDeprecated = isDeprecated
        self.parameters = parameters
        self.requestBody = requestBody
        self.responses = responses
        self.security = security
        self.maxBodySize = maxBodySize
        self.position = position
    }
}

public struct RequestBody: Sendable, Equatable {
    public var isRequired: Bool
    public var description: String?
    /// At least one.
    public var contents: [Content]

    public init(isRequired: Bool, description: String? = nil, contents: [Content]) {
        self.isRequired = isRequired
        self.description = description
        self.contents = contents
    }
}

public struct Response: Sendable, Equatable {
    public enum Status: Sendable, Equatable, Hashable {
        case code(Int)
        /// `4XX`: the hundreds digit.
        case range(Int)
        case `default`
    }

    public var status: Status
    /// Case name, such as `ok`, `notFound`, `clientError`, `default`.
    public var swiftName: String
    /// Payload struct name in the operation's namespace, such as `Ok`; used when there are headers or several contents.
    public var typeName: String
    public var description: String?
    public var headers: [ResponseHeader]
    /// Empty: no body.
    public var contents: [Content]
    /// What can be called next with what it carries.
    public var links: [Link] = []

    public init(
        status: Status, swiftName: String, typeName: String, description: String? = nil,
        headers: [ResponseHeader] = [], contents: [Content] = []
    ) {
        self.status = status
        self.swiftName = swiftName
        self.typeName = typeName
        self.description = description
        self.headers = headers
        self.contents = contents
    }
}
