extension ScenarioBook {
    /// The step to play: that of the first scenario whose condition holds; the fallback when there is none, or when it is over.
    func step(for conversation: Conversation) -> ScenarioStep {
        guard let scenario = scenarios.first(where: { $0.condition.holds(for: conversation) }) else { return fallback }
        // A scenario about a tool's result has one step, said whenever the result is there.
        let index = scenario.condition.toolResult == nil ? conversation.step : 0
        return scenario.steps.indices.contains(index) ? scenario.steps[index] : fallback
    }
}

extension ScenarioCondition {
    /// What costs least is looked at first: a regular expression is compiled for every look.
    func holds(for conversation: Conversation) -> Bool {
        guard offeredTools.allSatisfy(conversation.offeredTools.contains) else { return false }
        if let toolResult, !conversation.results.suffix(conversation.newResults).contains(where: toolResult.holds) { return false }
        return user?.holds(for: conversation.userText) ?? true
    }
}

extension ToolResultCondition {
    func holds(for result: Conversation.Result) -> Bool {
        if let tool, tool != result.tool, tool != result.label { return false }
        return text?.holds(for: result.text) ?? true
    }
}

extension TextCondition {
    func holds(for text: String) -> Bool {
        let lowercased = contains.isEmpty ? "" : text.lowercased()
        return contains.allSatisfy { lowercased.contains($0.lowercased()) } && (matches?.isFound(in: text) ?? true)
    }
}
