/// All that the emitter needs to know of one API: the merged result of its documents (an OpenAPI one, an AsyncAPI one,
/// or both). It holds no document types; names are already Swift names, given out by the ``Namer``.
public struct Service: Sendable, Equatable {
    /// `info.title`, for the header comment.
    public var title: String
    public var version: String
    public var description: String?
    /// Named types in `components/schemas` and everything nested that needs a name, sorted by name.
    public var types: [TypeDeclaration]
    /// In document order.
    public var operations: [Operation]
    /// In document order.
    public var channels: [Channel]
    /// Security schemes that an operation or channel uses, sorted by name.
    public var securitySchemes: [SecurityScheme]

    public init(
        title: String, version: String, description: String? = nil, types: [TypeDeclaration] = [],
        operations: [Operation] = [], channels: [Channel] = [], securitySchemes: [SecurityScheme] = []
    ) {
        self.title = title
        self.version = version
        self.description = description
        self.types = types
        self.operations = operations
        self.channels = channels
        self.securitySchemes = securitySchemes
    }
}

/// A declared way to authenticate (OpenAPI Security Scheme Object, AsyncAPI Security Scheme Object).
public struct SecurityScheme: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// `type: http, scheme: bearer`, and `oauth2`/`openIdConnect`, whose tokens travel the same way (RFC 6750).
        case bearer
        /// `type: http, scheme: basic` (RFC 7617).
        case basic
        /// `type: apiKey` with its place and parameter name.
        case apiKey(location: ParameterLocation, name: String)
    }

    /// The name in the document.
    public var name: String
    public var swiftName: String
    public var kind: Kind
    public var description: String?

    public init(name: String, swiftName: String, kind: Kind, description: String? = nil) {
        self.name = name
        self.swiftName = swiftName
        self.kind = kind
        self.description = description
    }
}

/// One alternative of an operation's `security`: all its schemes must hold. An empty list of schemes means anonymous access.
public struct SecurityRequirement: Sendable, Equatable {
    public struct Scheme: Sendable, Equatable {
        /// ``SecurityScheme/swiftName`` of the scheme.
        public var swiftName: String
        public var scopes: [String]

        public init(swiftName: String, scopes: [String]) {
            self.swiftName = swiftName
            self.scopes = scopes
        }
    }

    public var schemes: [Scheme]

    public init(schemes: [Scheme]) { self.schemes = schemes }
}
