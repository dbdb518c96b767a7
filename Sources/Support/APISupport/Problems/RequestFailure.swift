public import HTTPTypes

/// What is wrong with a request, before or instead of a handler's answer.
public struct RequestFailure: Error, Sendable {
    /// The kind of failure; each has its HTTP status.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The HTTP status it is answered with.
        public let status: Int
        /// The last part of the problem's `type`, `urn:codelab:problem:<name>`; stable, for programs.
        public let name: String
        /// The problem's `title`.
        public let title: String

        /// A kind of failure that an API defines for itself.
        public init(status: Int, name: String, title: String) {
            self.status = status
            self.name = name
            self.title = title
        }

        public static func == (lhs: Code, rhs: Code) -> Bool { lhs.name == rhs.name && lhs.status == rhs.status }

        public func hash(into hasher: inout Hasher) { hasher.combine(name) }

        public var description: String { name }
    }

    public var code: Code
    /// What happened this time; the public may read it.
    public var detail: String
    /// All that is wrong with the input, when ``code`` is `invalid`.
    public var violations: [Violation]
    /// Fields of the answer: `Allow`, `WWW-Authenticate`, `Retry-After`, ...
    public var headerFields: HTTPFields
    /// For the log only.
    public var cause: (any Error)?
    /// Found by generated code, before the handler: answered whether or not the document lists its status.
    private(set) var isOfRequest = false

    public init(
        _ code: Code, detail: String = "", violations: [Violation] = [], headerFields: HTTPFields = HTTPFields(),
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.detail = detail
        self.violations = violations
        self.headerFields = headerFields
        self.cause = cause
    }

    /// Whether the caller is told even where the document lists no such answer.
    var isAnsweredAnyway: Bool { isOfRequest && (400...599).contains(code.status) }

    /// The same as a finding of generated code about the request.
    var ofRequest: RequestFailure {
        var failure = self
        failure.isOfRequest = true
        return failure
    }

    /// What a validation found: `invalid`, or `internalError` when the specification itself cannot be applied.
    init(_ validation: Validation) {
        if let fault = validation.fault {
            self.init(.internalError, detail: "The request could not be checked.", cause: fault)
        } else {
            self.init(.invalid, detail: "The request is not what the API describes.", violations: validation.violations)
        }
    }
}

extension RequestFailure.Code {
    private static func code(_ status: Int, _ name: String, _ title: String) -> Self { Self(status: status, name: name, title: title) }

    /// The body is not in the syntax that its media type says.
    public static let malformedBody = code(400, "malformed-body", "Malformed body")
    /// Parameters or body break their schema.
    public static let invalid = code(400, "invalid-request", "Invalid request")
    public static let unauthenticated = code(401, "unauthenticated", "Authentication required")
    public static let forbidden = code(403, "forbidden", "Forbidden")
    public static let notFound = code(404, "not-found", "Not found")
    public static let methodNotAllowed = code(405, "method-not-allowed", "Method not allowed")
    public static let notAcceptable = code(406, "not-acceptable", "Not acceptable")
    public static let conflict = code(409, "conflict", "Conflict")
    public static let gone = code(410, "gone", "Gone")
    public static let preconditionFailed = code(412, "precondition-failed", "Precondition failed")
    public static let contentTooLarge = code(413, "content-too-large", "Content too large")
    public static let unsupportedMediaType = code(415, "unsupported-media-type", "Unsupported media type")
    public static let upgradeRequired = code(426, "upgrade-required", "Upgrade required")
    public static let tooManyRequests = code(429, "too-many-requests", "Too many requests")
    public static let internalError = code(500, "internal-error", "Internal error")
    public static let notImplemented = code(501, "not-implemented", "Not implemented")
    public static let badGateway = code(502, "bad-gateway", "Bad gateway")
    public static let unavailable = code(503, "unavailable", "Service unavailable")
    public static let timeout = code(504, "timeout", "Timeout")
}
