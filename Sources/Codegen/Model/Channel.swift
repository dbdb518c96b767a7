/// One AsyncAPI 3 channel over WebSocket, seen from the document's application (the server).
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
    /// Messages the server receives (operations with `action: receive`), in document order.
    public var received: [Message]
    /// Messages the server sends (`action: send`).
    public var sent: [Message]
    /// JSON member whose constant tells the messages of a direction apart; nil when a direction has one message only.
    public var receivedDiscriminator: String?
    public var sentDiscriminator: String?
    public var security: [SecurityRequirement]
    public var position: SourcePosition

    public init(
        id: String, swiftName: String, typeName: String, address: String, summary: String? = nil,
        description: String? = nil, parameters: [Parameter] = [], received: [Message], sent: [Message],
        receivedDiscriminator: String? = nil, sentDiscriminator: String? = nil,
        security: [SecurityRequirement] = [], position: SourcePosition
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
        self.receivedDiscriminator = receivedDiscriminator
        self.sentDiscriminator = sentDiscriminator
        self.security = security
        self.position = position
    }
}

/// An AsyncAPI message with a JSON payload.
public struct Message: Sendable, Equatable {
    public var name: String
    /// Case name in the direction's union.
    public var swiftName: String
    public var description: String?
    public var payload: TypeUse
    /// The discriminator's values that select it.
    public var discriminatorValues: [String]

    public init(
        name: String, swiftName: String, description: String? = nil, payload: TypeUse,
        discriminatorValues: [String] = []
    ) {
        self.name = name
        self.swiftName = swiftName
        self.description = description
        self.payload = payload
        self.discriminatorValues = discriminatorValues
    }
}
