/// One AsyncAPI 3 channel over WebSocket, seen from the document's application (the server). Channels that share an address are one.
public struct Channel: Sendable, Equatable {
    /// The channel's key in the document.
    public var id: String
    /// Swift method name in the channel handler; the type in `Channels` is ``typeName``.
    public var swiftName: String
    public var typeName: String
    /// The address template, such as `/api/v1/ws/{session_id}`.
    public var address: String
    public var summary: String?
    public var description: String?
    /// Path parameters of the address, then query and header parameters of the `ws` binding.
    public var parameters: [Parameter]
    /// Messages the server receives (operations with `action: receive`, and replies to what it asks), in document order.
    public var received: MessageSet
    /// Messages the server sends (`action: send`, and replies to what it is asked).
    public var sent: MessageSet
    /// Operations with a `reply`.
    public var requests: [ChannelRequest]
    /// `x-close-codes`, ascending.
    public var closeCodes: [CloseCode]
    public var security: [SecurityRequirement]
    /// What ``address`` begins with that is its server's: another server has its own path there.
    public var serverPath: String
    public var position: SourcePosition

    public init(
        id: String, swiftName: String, typeName: String, address: String, summary: String? = nil,
        description: String? = nil, parameters: [Parameter] = [], received: MessageSet, sent: MessageSet,
        requests: [ChannelRequest] = [], closeCodes: [CloseCode] = [], security: [SecurityRequirement] = [], serverPath: String = "",
        position: SourcePosition
    ) {
        self.id = id
        self.swiftName = swiftName
        self.typeName = typeName
        self.address = address
        self.summary = summary
        self.description = description
        self.parameters = parameters
        self.received = received
        self.sent = sent
        self.requests = requests
        self.closeCodes = closeCodes
        self.security = security
        self.serverPath = serverPath
        self.position = position
    }
}

/// A code with which a channel's connections may be closed.
public struct CloseCode: Sendable, Equatable {
    /// 3000 to 4999, which RFC 6455 §7.4.2 leaves to libraries and applications.
    public var code: Int
    /// Case name.
    public var swiftName: String
    public var description: String?

    public init(code: Int, swiftName: String, description: String? = nil) {
        self.code = code
        self.swiftName = swiftName
        self.description = description
    }
}

/// An operation with a `reply` on a WebSocket channel.
public struct ChannelRequest: Sendable, Equatable {
    /// Who asks; the other one answers.
    public enum Requester: Sendable, Equatable { case client, server }

    /// The operation's key in the document.
    public var id: String
    /// Method name, on both sides.
    public var swiftName: String
    /// Prefix of the types that are made for it.
    public var typeName: String
    public var summary: String?
    public var description: String?
    public var requester: Requester
    /// Among the messages of the requester's direction.
    public var request: MessageSet
    /// Among the messages of the other direction.
    public var reply: MessageSet
    /// Where request and reply carry what makes them a pair; nil: replies come in the order of the requests.
    public var correlation: Correlation?

    public init(
        id: String, swiftName: String, typeName: String, summary: String? = nil, description: String? = nil, requester: Requester,
        request: MessageSet, reply: MessageSet, correlation: Correlation?
    ) {
        self.id = id
        self.swiftName = swiftName
        self.typeName = typeName
        self.summary = summary
        self.description = description
        self.requester = requester
        self.request = request
        self.reply = reply
        self.correlation = correlation
    }
}

/// Where a request and its reply carry the same value (AsyncAPI 3.0, Correlation ID Object).
public struct Correlation: Sendable, Equatable {
    /// What a value looks like that the requester makes up.
    public enum Kind: String, Sendable, Equatable { case string, uuid, integer }

    public var request: MessageLocation
    public var reply: MessageLocation
    public var kind: Kind

    public init(request: MessageLocation, reply: MessageLocation, kind: Kind) {
        self.request = request
        self.reply = reply
        self.kind = kind
    }
}

/// A runtime expression of AsyncAPI 3.0: `$message.header#/…` or `$message.payload#/…`.
public struct MessageLocation: Sendable, Equatable {
    public enum Source: String, Sendable, Equatable { case header, payload }

    public var source: Source
    /// The JSON pointer's reference tokens, unescaped.
    public var path: [String]

    public init(source: Source, path: [String]) {
        self.source = source
        self.path = path
    }
}

/// The messages of one direction, or of one operation.
public struct MessageSet: Sendable, Equatable {
    /// In document order.
    public var messages: [Message]
    /// How they are told apart, a variant a message; nil with fewer than two.
    public var union: UnionType?

    public init(_ messages: [Message] = [], union: UnionType? = nil) {
        self.messages = messages
        self.union = union
    }
}

/// An AsyncAPI message.
public struct Message: Sendable, Equatable {
    /// What its payload is on the wire; its content type says so.
    public enum Encoding: String, Sendable, Equatable { case json, text, bytes }

    public var name: String
    /// Case name in the direction's union.
    public var swiftName: String
    public var description: String?
    /// Of a WebSocket channel with an envelope: the envelope.
    public var payload: TypeUse
    /// An object; nil when the message has none, or they are part of an envelope.
    public var headers: TypeUse?
    /// The type in `Messages` that holds headers and payload; nil without headers.
    public var typeName: String?
    public var contentType: String
    public var encoding: Encoding
    public var isDeprecated: Bool

    public init(
        name: String, swiftName: String, description: String? = nil, payload: TypeUse, headers: TypeUse? = nil, typeName: String? = nil,
        contentType: String = "application/json", encoding: Encoding = .json, isDeprecated: Bool = false
    ) {
        self.encoding = encoding
        self.name = name
        self.swiftName = swiftName
        self.description = description
        self.payload = payload
        self.headers = headers
        self.typeName = typeName
        self.contentType = contentType
        self.isDeprecated = isDeprecated
    }
}
