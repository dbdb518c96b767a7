import LLMProxyAPI

/// What a script looks at in a request. Nothing is remembered between requests: all of it is in the messages.
struct Conversation: Sendable {
    /// A tool's message.
    struct Result: Sendable, Equatable {
        /// The label of the call, from its id; nil for a call that the script did not make.
        var label: String?
        var tool: String?
        var text: String
    }

    /// The last message of the user; empty when there is none.
    let userText: String
    /// How many answers the model gave since the user's last message, or since the agent was switched: the script's next step.
    let step: Int
    /// Of all tool messages, oldest first.
    let results: [Result]
    /// How many of ``results`` came since the last answer.
    let newResults: Int
    let offeredTools: Set<String>

    init(_ request: Schemas.ChatCompletionRequest) {
        var userText = ""
        var step = 0
        var results: [Result] = []
        var newResults = 0
        var toolNames: [String: String] = [:]
        for message in request.messages {
            switch message.role {
            case .user:
                userText = message.content ?? ""
                step = 0
                newResults = 0
            case .assistant:
                step += 1
                newResults = 0
                for call in message.toolCalls ?? [] {
                    toolNames[call.id] = call.function.name
                    if call.function.name == Self.switchTool { step = 0 }
                }
            case .tool:
                let id = message.toolCallID ?? ""
                results.append(
                    Result(label: ScriptedCallID.label(of: id), tool: toolNames[id] ?? message.name, text: message.content ?? ""))
                newResults += 1
            case .system, .developer:
                break
            }
        }
        self.userText = userText
        self.step = step
        self.results = results
        self.newResults = newResults
        offeredTools = Set((request.tools ?? []).map(\.function.name))
    }

    /// What the call with a label, or the tool of that name, gave last; of any when the label is nil.
    func result(label: String?) -> String? {
        guard let label else { return results.last?.text }
        return (results.last { $0.label == label } ?? results.last { $0.tool == label })?.text
    }

    /// The tool by which an agent hands the conversation to another one; the new agent's script begins with its first step.
    private static let switchTool = "switch_mode"
}

/// The ids of a script's tool calls: unique, and they tell the call's label, so that a later request can be answered without memory.
enum ScriptedCallID {
    static func make(label: String) -> String {
        "call_\(label)_" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// The label in an id made by ``make(label:)``; nil for another id.
    static func label(of id: String) -> String? {
        guard id.hasPrefix("call_"), let end = id.lastIndex(of: "_") else { return nil }
        let start = id.index(id.startIndex, offsetBy: "call_".count)
        return start < end ? String(id[start..<end]) : nil
    }
}
