import CodegenModel

/// An AsyncAPI 3 document, read and with the references between its objects followed; schemas are still nodes.
struct AsyncAPIDocument {
    let file: SourceFile
    var title = ""
    var version = ""
    var description: String?
    /// `x-role: client`: the document describes who connects, so that what it sends is what the server receives.
    var describesClient = false
    var defaultContentType = "application/json"
    var servers: [AsyncServerObject] = []
    var securitySchemes: [String: AsyncSecuritySchemeObject] = [:]
    var channels: [ChannelObject] = []
    var operations: [AsyncOperationObject] = []
    /// `components/schemas`, taken out of their multi format objects.
    var schemas: [DocumentNode.Member] = []
    /// `components/messages`.
    var messages: [MessageObject] = []
}

/// AsyncAPI 3.0, Server Object.
struct AsyncServerObject {
    let name: String
    /// The entry in `servers`, and the node at the end of its references: what channels refer to.
    let entry: DocumentNode
    let node: DocumentNode
    let protocolName: String
    let protocolPosition: SourcePosition
    /// Its URL, with the protocol as its scheme.
    let location: ServerObject
    /// nil when absent.
    let security: [AsyncSecurityRequirement]?

    /// With the defaults of its variables in place, without a slash at its end.
    var pathname: String { location.path }

    var isWebSocket: Bool { protocolName == "ws" || protocolName == "wss" }
}

/// AsyncAPI 3.0, Channel Object.
struct ChannelObject {
    let id: String
    /// The entry in `channels`, and the node at the end of its references: what operations refer to.
    let entry: DocumentNode
    let node: DocumentNode
    let position: SourcePosition
    /// nil: known at run time only.
    var address: String?
    var addressPosition: SourcePosition
    var summary: String?
    var description: String?
    /// Of the address, in document order.
    var parameters: [ChannelParameter] = []
    var messages: [MessageObject] = []
    /// References to servers; empty: all of the document.
    var servers: [DocumentNode] = []
    var webSocketBinding: DocumentNode?
    var closeCodes: [CloseCode] = []
    var envelope: MessageEnvelope?
}

/// `x-message-envelope` of a channel: the members of a frame's object that hold a message's parts.
struct MessageEnvelope {
    let position: SourcePosition
    /// The member that names the message.
    var type: String?
    var headers: String
    var payload: String
}

struct ChannelParameter {
    let name: String
    let location: ParameterLocation
    let position: SourcePosition
    let isRequired: Bool
    let description: String?
    /// nil: any string.
    let schema: DocumentNode?
    /// Where messages say it too.
    var messageLocation: MessageLocation?
}

/// AsyncAPI 3.0, Message Object, its traits applied.
struct MessageObject {
    /// The key in the channel's `messages`, and the message's own `name`.
    let key: String
    let name: String?
    /// The node that operations refer to, and the one at the end of its references.
    let entry: DocumentNode
    let node: DocumentNode
    let position: SourcePosition
    /// The name of the component at the end of its references.
    let componentName: String?
    let description: String?
    let contentType: String
    let contentTypePosition: SourcePosition
    let encoding: Message.Encoding
    let isDeprecated: Bool
    /// nil when there is none, or when it is no JSON.
    let payload: DocumentNode?
    let headers: DocumentNode?
    let correlation: LocatedLocation?
    let examples: [DocumentNode]
}

/// A runtime expression and where it stands.
struct LocatedLocation {
    let location: MessageLocation
    let position: SourcePosition
}

/// AsyncAPI 3.0, Operation Object, its traits applied.
struct AsyncOperationObject {
    enum Action: String { case send, receive }

    let id: String
    let position: SourcePosition
    let action: Action
    let summary: String?
    let description: String?
    /// ``ChannelObject/node`` of its channel.
    let channel: DocumentNode
    /// References into the channel's messages; nil: all of them.
    let messages: [DocumentNode]?
    let reply: ReplyObject?
    let security: [AsyncSecurityRequirement]?
}

/// AsyncAPI 3.0, Operation Reply Object.
struct ReplyObject {
    let position: SourcePosition
    /// ``ChannelObject/node`` of its channel.
    let channel: DocumentNode?
    let messages: [DocumentNode]?
    let address: LocatedLocation?
}

/// AsyncAPI 3.0, Security Scheme Object.
struct AsyncSecuritySchemeObject {
    let name: String
    /// nil when no HTTP request can carry it.
    let kind: SecurityScheme.Kind?
    let type: String
    let position: SourcePosition
    let description: String?
    /// Scopes that the flows of an `oauth2` scheme declare; nil when the scheme declares none.
    let declaredScopes: Set<String>?
    /// Those that whoever refers to the scheme asks for.
    let scopes: [(name: String, position: SourcePosition)]
}

/// One alternative of `security`: a scheme, and where it is asked for.
struct AsyncSecurityRequirement {
    let scheme: AsyncSecuritySchemeObject
    let position: SourcePosition
}
