public import APISupport

/// What a spec cannot say: values of things that exist, and requests that need more than their schema.
public struct ContractFixture: Sendable {
    /// Parameter values by `operationId.name` or, for all operations, by `name`.
    public var parameters: [String: String]
    /// Request bodies by `operationId`, where the smallest accepted value is not enough.
    public var bodies: [String: JSONValue]
    /// The status that the valid request must get, by `operationId`, where that is no success: with the reason in a comment beside it.
    public var validStatus: [String: Int]

    public init(
        parameters: [String: String] = [:], bodies: [String: JSONValue] = [:], validStatus: [String: Int] = [:]
    ) {
        self.parameters = parameters
        self.bodies = bodies
        self.validStatus = validStatus
    }

    func parameter(_ name: String, of operationID: String) -> String? {
        parameters["\(operationID).\(name)"] ?? parameters[name]
    }
}
