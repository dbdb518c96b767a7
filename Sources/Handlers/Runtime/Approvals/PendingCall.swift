import APISupport

/// A tool call for whose result, and perhaps approval, a turn waits.
struct PendingCall: Sendable {
    /// How far it has come.
    enum Progress: Sendable, Equatable {
        /// The user has to decide; the client may also send the result at once, which settles it.
        case awaitingApproval(requestID: String)
        /// The client runs it.
        case awaitingResult
    }

    let callID: String
    let tool: ToolDefinition
    /// The agent that made it: its limits hold for changed arguments too.
    let agent: AgentType
    /// The arguments that hold now.
    var arguments: JSONObject
    var progress: Progress
    /// The ``Moment/uptime`` from which on no one waits any longer.
    var deadline: Duration
    /// What the model is told in front of the result: that the user changed the arguments, or said something.
    var note: String?
    let createdAt: Timestamp
    /// The ``Moment/uptime`` at which the client was asked.
    let askedAt: Duration
    /// The id of the last ``Occurrence`` of it, which leads to the next one.
    var lastOccurrence: String

    /// Why the user is asked, for people.
    var approvalReason: String {
        switch tool.name {
        case .writeFile: "The agent wants to write a file."
        case .createDirectory: "The agent wants to make a folder."
        case .executeCommand: "The agent wants to run a command."
        default: "The agent wants to use \(tool.name.rawValue)."
        }
    }

    /// What it is about, in a line: the file, folder or command.
    var subject: String {
        let target = arguments["path"]?.stringValue ?? arguments["command"]?.stringValue
        guard let target else { return tool.name.rawValue }
        let line = target.prefix { !$0.isNewline }.prefix(200)
        return "\(tool.name.rawValue): \(line)"
    }
}
