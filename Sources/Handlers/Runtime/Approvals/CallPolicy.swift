import APISupport

/// Decides whether an agent may make a tool call, before anyone is asked to run or approve it.
enum CallPolicy {
    /// The call may be made, with these arguments.
    struct Permission: Sendable {
        let tool: ToolDefinition
        /// Checked; without members that are null.
        let arguments: JSONObject
    }

    /// Why a call may not be made.
    struct Refusal: Error, Sendable, Equatable {
        /// For the model, which can mend it.
        let message: String
        /// What is wrong with the arguments, when that is the reason.
        var violations: [Violation] = []
    }

    /// Checks a call as the model wrote it.
    ///
    /// - Parameter maximumBytes: The most bytes that the arguments may have as JSON: they have to fit an event.
    static func check(_ call: ToolCall, by agent: AgentDefinition, maximumBytes: Int) throws(Refusal) -> Permission {
        guard let name = ToolName(rawValue: call.name), agent.allows(name), let tool = ToolCatalogue[name] else {
            let allowed = agent.allowedTools.map(\.rawValue).joined(separator: ", ")
            throw Refusal(message: "The agent \(agent.type.rawValue) has no tool \(call.name.prefix(64)). Its tools are: \(allowed).")
        }
        return try check(arguments(in: call.arguments), of: tool, by: agent, maximumBytes: maximumBytes, pointerPrefix: "")
    }

    /// Checks arguments, of the model or changed by the user.
    ///
    /// - Parameter pointerPrefix: Put in front of the pointers of violations.
    static func check(
        _ arguments: JSONObject, of tool: ToolDefinition, by agent: AgentDefinition, maximumBytes: Int, pointerPrefix: String
    ) throws(Refusal) -> Permission {
        guard arguments.encodedSize <= maximumBytes else {
            let rule = "must have at most \(maximumBytes) bytes"
            throw Refusal(
                message: "The arguments of \(tool.name.rawValue) \(rule).",
                violations: [Violation(pointer: pointerPrefix, rule: "maxLength", message: rule)]
            )
        }
        let violations = tool.violations(in: arguments, prefix: pointerPrefix)
        guard violations.isEmpty else {
            let list = violations.prefix(16).map { "\($0.pointer) \($0.message)" }.joined(separator: "; ")
            throw Refusal(message: "The arguments do not fit \(tool.name.rawValue): \(list).", violations: violations)
        }
        if tool.name == .writeFile, let restriction = agent.fileRestriction, let path = arguments["path"]?.stringValue,
            !restriction.allows(path: path)
        {
            throw Refusal(
                message: "The agent \(agent.type.rawValue) may not write \(path.prefix(256)): \(restriction.rule).",
                violations: [Violation(pointer: "\(pointerPrefix)/path", rule: "fileRestriction", message: restriction.rule)]
            )
        }
        return Permission(tool: tool, arguments: JSONObject(arguments.members.filter { !$0.value.isNull }.map { ($0.name, $0.value) }))
    }

    private static func arguments(in text: String) throws(Refusal) -> JSONObject {
        // Models write nothing at all for a call without arguments.
        guard !text.allSatisfy(\.isWhitespace) else { return [:] }
        do {
            return try JSONReader.decode(JSONObject.self, from: Array(text.utf8))
        } catch {
            throw Refusal(message: "The arguments are not a JSON object.")
        }
    }
}
