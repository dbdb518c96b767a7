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
    /// Operations of whoever receives the document's webhooks; their paths are the webhooks' names.
    public var webhooks: [Operation]
    /// Operations of whoever receives the document's callbacks; their paths are runtime expressions.
    public var callbacks: [Operation]
    /// `servers` of the first document, in order.
    public var servers: [APIServer]
    /// The path of the first server, with which the paths of operations begin that have no server of their own.
    public var basePath = ""
    /// WebSocket servers of all AsyncAPI documents, in order.
    public var channelServers: [APIServer] = []
    /// Brokers of all AsyncAPI documents, in order.
    public var eventServers: [APIServer] = []
    /// In document order.
    public var channels: [Channel]
    /// Channels of brokers, in document order.
    public var eventChannels: [EventChannel]
    /// Operations on ``eventChannels``, in document order.
    public var eventOperations: [EventOperation]
    /// Security schemes that an operation or channel uses, sorted by name.
    public var securitySchemes: [SecurityScheme]
    /// What is checked beyond what types say, and the validators that the configuration asks for.
    public var assertions: AssertionGraph

    public init(
        title: String, version: String, description: String? = nil, types: [TypeDeclaration] = [],
        operations: [Operation] = [], webhooks: [Operation] = [], callbacks: [Operation] = [], servers: [APIServer] = [],
        channels: [Channel] = [], eventChannels: [EventChannel] = [], eventOperations: [EventOperation] = [],
        securitySchemes: [SecurityScheme] = [],
        assertions: AssertionGraph = AssertionGraph()
    ) {
        self.webhooks = webhooks
        self.callbacks = callbacks
        self.servers = servers
        self.title = title
        self.version = version
        self.description = description
        self.types = types
        self.operations = operations
        self.channels = channels
        self.eventChannels = eventChannels
        self.eventOperations = eventOperations
        self.securitySchemes = securitySchemes
        self.assertions = assertions
    }

    /// Those of the API, of its webhooks' receivers and of its callbacks' receivers.
    public var allOperations: [Operation] { operations + webhooks + callbacks }
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
        /// `type: http` with another scheme, such as `digest`: what follows the scheme's name in `Authorization` (RFC 9110, section 11.4).
        case http(scheme: String)
        /// `type: mutualTLS`: the certificate of the connection's client.
        case mutualTLS
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
