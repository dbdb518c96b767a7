import CodegenModel

/// An AsyncAPI 3 document whose channels are WebSockets, read and with the references between its objects followed; schemas are still nodes.
struct AsyncAPIDocument {
    let file: SourceFile
    var title = ""
    var version = ""
    var description: String?
    /// `pathname` of the first server.
    var basePath = ""
    /// Security of the first server; nil when absent.
    var security: [SecurityRequirementObject]?
    var securitySchemes: [String: SecuritySchemeObject] = [:]
    var channels: [ChannelObject] = []
    var operations: [AsyncOperationObject] = []
    /// `components/schemas`.
    var schemas: [DocumentNode.Member] = []
}

/// AsyncAPI 3.0, Channel Object, with its `ws` binding.
struct ChannelObject {
    let id: String
    /// The channel's own node: what operations refer to.
    let node: DocumentNode
    let position: SourcePosition
    var address = ""
    var summary: String?
    var description: String?
    /// Path, then query, then header parameters.
    var parameters: [ChannelParameter] = []
    var messages: [MessageObject] = []
}

struct ChannelParameter {
    let name: String
    let location: ParameterLocation
    let position: SourcePosition
    let isRequired: Bool
    let description: String?
    /// nil: any string.
    let schema: DocumentNode?
}

/// AsyncAPI 3.0, Message Object.
struct MessageObject {
    /// The key in the channel's `messages`.
    let name: String
    /// The node that operations refer to, and the one at the end of its references.
    let entry: DocumentNode
    let node: DocumentNode
    let position: SourcePosition
    let description: String?
    let payload: DocumentNode?
}

/// AsyncAPI 3.0, Operation Object.
struct AsyncOperationObject {
    enum Action: String { case send, receive }

    let id: String
    let position: SourcePosition
    let action: Action
    /// ``ChannelObject/node`` of its channel.
    let channel: DocumentNode
    /// References into the channel's messages; nil: all of them.
    let messages: [DocumentNode]?
    let security: [SecurityRequirementObject]?
}
