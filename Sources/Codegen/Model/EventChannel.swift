/// One AsyncAPI 3 channel of a broker: a topic, a queue, a stream.
public struct EventChannel: Sendable, Equatable {
    /// The channel's key in the document.
    public var id: String
    /// The type in `Events`.
    public var typeName: String
    /// The address template, such as `lights.{id}.measured`; nil when it is known at run time only.
    public var address: String?
    public var summary: String?
    public var description: String?
    /// In the order of the document.
    public var parameters: [EventParameter]
    /// The protocols of its servers, such as `redis`; empty when the document names no server.
    public var protocols: [String]
    public var position: SourcePosition

    public init(
        id: String, typeName: String, address: String?, summary: String? = nil, description: String? = nil,
        parameters: [EventParameter] = [], protocols: [String] = [], position: SourcePosition
    ) {
        self.id = id
        self.typeName = typeName
        self.address = address
        self.summary = summary
        self.description = description
        self.parameters = parameters
        self.protocols = protocols
        self.position = position
    }
}

/// A parameter of a broker channel's address.
public struct EventParameter: Sendable, Equatable {
    public var parameter: Parameter
    /// Where the message itself says the value; whoever publishes does not say it twice.
    public var location: MessageLocation?

    public init(_ parameter: Parameter, location: MessageLocation? = nil) {
        self.parameter = parameter
        self.location = location
    }
}

/// One AsyncAPI 3 operation on a broker's channel, seen from the document's application.
public struct EventOperation: Sendable, Equatable {
    public enum Action: String, Sendable, Equatable { case send, receive }

    /// The operation's key in the document.
    public var id: String
    /// Method name of publisher and handler.
    public var swiftName: String
    /// The type in `Events` of its messages, when they are several.
    public var typeName: String
    public var summary: String?
    public var description: String?
    public var action: Action
    /// ``EventChannel/typeName`` of its channel.
    public var channel: String
    public var messages: MessageSet
    public var reply: EventReply?

    public init(
        id: String, swiftName: String, typeName: String, summary: String? = nil, description: String? = nil, action: Action,
        channel: String, messages: MessageSet, reply: EventReply? = nil
    ) {
        self.id = id
        self.swiftName = swiftName
        self.typeName = typeName
        self.summary = summary
        self.description = description
        self.action = action
        self.channel = channel
        self.messages = messages
        self.reply = reply
    }
}

/// What answers an operation's messages (AsyncAPI 3.0, Operation Reply Object).
public struct EventReply: Sendable, Equatable {
    /// The type in `Events` of its messages, when they are several.
    public var typeName: String
    /// The fixed address of that channel.
    public var address: String?
    /// Where the request says the address.
    public var addressLocation: MessageLocation?
    public var messages: MessageSet
    public var correlation: Correlation?

    public init(
        typeName: String, address: String? = nil, addressLocation: MessageLocation? = nil, messages: MessageSet,
        correlation: Correlation? = nil
    ) {
        self.typeName = typeName
        self.address = address
        self.addressLocation = addressLocation
        self.messages = messages
        self.correlation = correlation
    }
}
