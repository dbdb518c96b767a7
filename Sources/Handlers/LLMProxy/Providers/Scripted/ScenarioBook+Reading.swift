extension ScenarioBook {
    /// Reads the root of a scenario file in the format that ``ScenarioBook`` describes.
    ///
    /// Throws ``ScenarioError`` with the place of the first thing that is wrong.
    public init(_ root: ScenarioNode) throws(ScenarioError) {
        let members = try root.members(["version", "models", "notice", "scenarios", "default"], of: "the file")
        guard let version = members["version"] else { throw root.error("`version` is missing: this is version 1") }
        _ = try version.integer("`version`", 1...1)
        models = try members["models"]?.strings("`models`") ?? ["scripted"]
        guard !models.isEmpty, Set(models).count == models.count else {
            throw (members["models"] ?? root).error("`models` must name each model once")
        }
        notice = try members["notice"]?.string("`notice`") ?? "[scripted] "
        scenarios = []
        for node in try members["scenarios"]?.elements(of: "`scenarios`") ?? [] { scenarios.append(try Scenario(node)) }
        if let node = members["default"] {
            fallback = try ScenarioStep.read(node)
        } else {
            fallback = ScenarioStep(text: try root.literalTemplate("No scenario fits."))
        }
    }
}

extension ScenarioNode {
    /// Text of the reader's own as a template.
    fileprivate func literalTemplate(_ text: String) throws(ScenarioError) -> Template {
        do throws(Template.SyntaxError) { return try Template(text) } catch { throw self.error(error.message) }
    }
}

extension Scenario {
    init(_ node: ScenarioNode) throws(ScenarioError) {
        let members = try node.members(["name", "when", "steps"], of: "a scenario")
        guard let name = members["name"] else { throw node.error("a scenario needs a `name`") }
        self.name = try name.string("`name`")
        condition = try members["when"].map(ScenarioCondition.read) ?? ScenarioCondition()
        guard let list = members["steps"] else { throw node.error("a scenario needs `steps`") }
        steps = []
        for step in try list.elements(of: "`steps`") { steps.append(try ScenarioStep.read(step)) }
        if steps.isEmpty { throw list.error("`steps` must have at least one step") }
        if condition.toolResult != nil, steps.count > 1 {
            throw list.error("a scenario about a tool's result has one step: it is said whenever the result is there")
        }
    }
}

extension ScenarioCondition {
    fileprivate static func read(_ node: ScenarioNode) throws(ScenarioError) -> ScenarioCondition {
        let members = try node.members(["user", "tool_result", "tools"], of: "`when`")
        return ScenarioCondition(
            user: try members["user"].map(TextCondition.read), toolResult: try members["tool_result"].map(ToolResultCondition.read),
            offeredTools: try members["tools"]?.strings("`tools`") ?? [])
    }
}

extension ToolResultCondition {
    fileprivate static func read(_ node: ScenarioNode) throws(ScenarioError) -> ToolResultCondition {
        let members = try node.members(["tool", "contains", "matches"], of: "`tool_result`")
        return ToolResultCondition(tool: try members["tool"]?.string("`tool`"), text: try TextCondition.read(members))
    }
}

extension TextCondition {
    fileprivate static func read(_ node: ScenarioNode) throws(ScenarioError) -> TextCondition {
        try read(try node.members(["contains", "matches"], of: "`user`"))
    }

    fileprivate static func read(_ members: [String: ScenarioNode]) throws(ScenarioError) -> TextCondition {
        TextCondition(contains: try members["contains"]?.strings("`contains`") ?? [], matches: try members["matches"].map(pattern))
    }

    private static func pattern(_ node: ScenarioNode) throws(ScenarioError) -> ScenarioPattern {
        let source = try node.string("`matches`")
        do { return try ScenarioPattern(source) } catch { throw node.error("`matches` is not a regular expression: \(error)") }
    }
}

extension ScenarioStep {
    private static let finishReasons = ["stop", "length", "tool_calls", "content_filter"]

    fileprivate static func read(_ node: ScenarioNode) throws(ScenarioError) -> ScenarioStep {
        let members = try node.members(["text", "tool_calls", "finish_reason", "usage", "failure"], of: "a step")
        var step = ScenarioStep(text: nil)
        if let text = members["text"] { step.text = try text.template("`text`") }
        for call in try members["tool_calls"]?.elements(of: "`tool_calls`") ?? [] { step.toolCalls.append(try ScriptedToolCall.read(call)) }
        let labels = step.toolCalls.map(\.label)
        if let list = members["tool_calls"], Set(labels).count != labels.count {
            throw list.error("two calls of a step have one label: give each its `label`")
        }
        if let reason = members["finish_reason"] {
            let name = try reason.string("`finish_reason`")
            guard finishReasons.contains(name) else {
                throw reason.error("`finish_reason` must be one of \(finishReasons.joined(separator: ", "))")
            }
            step.finishReason = name
        }
        step.usage = try members["usage"].map(ScriptedUsage.read)
        step.failure = try members["failure"].map(ScriptedFailure.read)
        if step.text == nil, step.toolCalls.isEmpty, step.failure == nil {
            throw node.error("a step needs `text`, `tool_calls` or `failure`")
        }
        return step
    }
}

extension ScriptedToolCall {
    fileprivate static func read(_ node: ScenarioNode) throws(ScenarioError) -> ScriptedToolCall {
        let members = try node.members(["label", "name", "arguments"], of: "a tool call")
        guard let name = members["name"] else { throw node.error("a tool call needs a `name`") }
        let tool = try name.string("`name`")
        let label = try members["label"]?.string("`label`") ?? tool
        guard !label.isEmpty, label.utf8.count <= 64,
            label.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
        else {
            throw (members["label"] ?? name).error("a label has 1 to 64 letters, digits, `_` and `-`")
        }
        guard let arguments = members["arguments"] else { return ScriptedToolCall(label: label, name: tool, arguments: .object([])) }
        let value = try arguments.templateValue("`arguments`")
        guard case .object = value else { throw arguments.error("`arguments` must be a mapping") }
        return ScriptedToolCall(label: label, name: tool, arguments: value)
    }
}

extension ScriptedUsage {
    fileprivate static func read(_ node: ScenarioNode) throws(ScenarioError) -> ScriptedUsage {
        let members = try node.members(["prompt_tokens", "completion_tokens"], of: "`usage`")
        return ScriptedUsage(
            promptTokens: try members["prompt_tokens"]?.integer("`prompt_tokens`", 0...1_000_000_000) ?? 0,
            completionTokens: try members["completion_tokens"]?.integer("`completion_tokens`", 0...1_000_000_000) ?? 0)
    }
}

extension ScriptedFailure {
    fileprivate static func read(_ node: ScenarioNode) throws(ScenarioError) -> ScriptedFailure {
        let members = try node.members(["status", "message", "retry_after", "after_deltas"], of: "`failure`")
        guard let status = members["status"] else { throw node.error("a failure needs a `status`") }
        return ScriptedFailure(
            status: Int(try status.integer("`status`", 400...599)),
            message: try members["message"]?.string("`message`") ?? "simulated failure",
            retryAfter: try members["retry_after"]?.integer("`retry_after`", 0...86_400),
            afterDeltas: try members["after_deltas"].map { (node) throws(ScenarioError) in
                Int(try node.integer("`after_deltas`", 0...1_000_000))
            })
    }
}
