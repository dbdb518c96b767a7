import APISupport

/// What a ``ScriptedProvider`` says: scenarios that are tried in order, and what it says when none fits. Read from a file, in YAML for example:
///
///     version: 1                       # of the format
///     models: [scripted]               # under which the script is offered; `scripted` when absent
///     notice: "[scripted] "            # opens every text; this when absent, "" for none
///     scenarios:
///       - name: read the readme
///         when:                        # all that is given must hold
///           user: {contains: [readme], matches: '(?i)^what'}         # the user's last message: words in any case, a regular expression
///           tool_result: {tool: read_file, contains: x, matches: y}  # a result since the last answer; such a scenario has one step
///           tools: [read_file]         # tools that the request offers
///         steps:                       # one an answer; they begin anew with a user's message and with a switch of the agent
///           - text: Let me look.       # a template, see `Template`
///             tool_calls:
///               - {label: readme, name: read_file, arguments: {path: README.md}}   # the strings of arguments are templates
///           - text: "It begins: {{result:readme/content | lines 3}}"
///             finish_reason: stop
///             usage: {prompt_tokens: 10, completion_tokens: 5}
///           - failure: {status: 429, message: slow down, retry_after: 1, after_deltas: 3}
///     default: {text: "You said: {{user}}"}
public struct ScenarioBook: Sendable {
    /// The models under which the script is offered.
    var models: [String]
    /// Put in front of every text, so that nobody takes it for a model's.
    var notice: String
    var scenarios: [Scenario]
    var fallback: ScenarioStep
}

/// One conversation, played step by step: the first answer after the user's message is the first step, and so on.
struct Scenario: Sendable {
    var name: String
    var condition: ScenarioCondition
    /// At least one; exactly one when the condition is about a tool's result.
    var steps: [ScenarioStep]
}

/// What must hold of a conversation; everything that is given must.
struct ScenarioCondition: Sendable {
    /// About the last message of the user.
    var user: TextCondition?
    /// About what a tool gave since the last answer.
    var toolResult: ToolResultCondition?
    /// Tools that the request must offer.
    var offeredTools: [String] = []
}

struct ToolResultCondition: Sendable {
    /// The tool, or the label of the call; any when absent.
    var tool: String?
    var text: TextCondition?
}

/// A condition on a text; everything that is given must hold.
struct TextCondition: Sendable {
    /// Words that must all be there, in any case.
    var contains: [String] = []
    /// A regular expression that must be found.
    var matches: ScenarioPattern?
}

/// One answer.
struct ScenarioStep: Sendable {
    var text: Template?
    var toolCalls: [ScriptedToolCall] = []
    /// `tool_calls` when there are calls, else `stop`, unless the script says otherwise.
    var finishReason: String?
    var usage: ScriptedUsage?
    var failure: ScriptedFailure?
}

struct ScriptedToolCall: Sendable {
    /// By which templates refer to the call's result; the tool's name unless the script gives one.
    var label: String
    var name: String
    var arguments: TemplateValue
}

struct ScriptedUsage: Sendable {
    var promptTokens: Int64
    var completionTokens: Int64
}

/// A failure to simulate.
struct ScriptedFailure: Sendable {
    var status: Int
    var message: String
    var retryAfter: Int64?
    /// Pieces of text to give before failing; nil: the request is refused.
    var afterDeltas: Int?
}

/// A JSON value whose strings are templates.
indirect enum TemplateValue: Sendable {
    case literal(JSONValue)
    case text(Template)
    case array([TemplateValue])
    case object([(name: String, value: TemplateValue)])
}
