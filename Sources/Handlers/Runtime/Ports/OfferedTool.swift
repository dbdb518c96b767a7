public import APISupport

/// A tool as it is described to a model.
public struct OfferedTool: Sendable {
    public let name: String
    public let description: String
    /// A JSON Schema of the arguments.
    public let parameters: JSONObject

    public init(name: String, description: String, parameters: JSONObject) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}
