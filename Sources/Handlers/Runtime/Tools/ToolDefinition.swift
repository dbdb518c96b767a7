import APISupport

/// A tool: what the model is told about it, what arguments it takes, and how a call of it is handled.
struct ToolDefinition: Sendable {
    /// Who runs it.
    enum Execution: Sendable {
        /// The client, in the user's workspace.
        case client
        /// The runtime itself: it changes the turn, not the workspace.
        case runtime
    }

    let name: ToolName
    /// For the model.
    let description: String
    let parameters: [ToolParameter]
    /// Whether the user has to approve a call.
    let requiresApproval: Bool
    let execution: Execution
    /// The JSON Schema of the arguments, made once.
    let schema: JSONObject

    init(
        _ name: ToolName, execution: Execution = .client, requiresApproval: Bool = false, _ description: String,
        parameters: [ToolParameter]
    ) {
        self.name = name
        self.execution = execution
        self.requiresApproval = requiresApproval
        self.description = description
        self.parameters = parameters
        var properties: JSONObject = [:]
        for parameter in parameters { properties[parameter.name] = .object(parameter.schema) }
        schema = [
            "type": .string("object"),
            "properties": .object(properties),
            "required": .array(parameters.filter(\.isRequired).map { .string($0.name) }),
            "additionalProperties": .boolean(false),
        ]
    }

    /// Checks a call's arguments against the declared parameters.
    ///
    /// A member that is null counts as absent, since models write null for what they leave out.
    /// - Parameter prefix: Put in front of the pointers of the violations.
    /// - Returns: All that is wrong; empty when they fit.
    func violations(in arguments: JSONObject, prefix: String = "") -> [Violation] {
        var violations: [Violation] = []
        for parameter in parameters {
            let pointer = "\(prefix)/\(parameter.name)"
            switch arguments[parameter.name] {
            case nil, .some(.null):
                if parameter.isRequired { violations.append(Violation(pointer: pointer, rule: "required", message: "is required")) }
            case .some(let value):
                if let violation = parameter.violation(of: value, at: pointer) { violations.append(violation) }
            }
        }
        for (name, _) in arguments.members.prefix(256) where !parameters.contains(where: { $0.name == name }) {
            let escaped = name.prefix(64).replacing("~", with: "~0").replacing("/", with: "~1")
            violations.append(
                Violation(
                    pointer: "\(prefix)/\(escaped)", rule: "additionalProperties", message: "is not an argument of \(self.name.rawValue)"))
        }
        return violations
    }
}
