import APISupport

/// All tools, by name. The parameters are those of the clients that run them.
enum ToolCatalogue {
    private static let definitions: [ToolName: ToolDefinition] = Dictionary(
        uniqueKeysWithValues: (reading + writing + conversing).map { ($0.name, $0) }
    )

    /// The tool of a name.
    static subscript(_ name: ToolName) -> ToolDefinition? { definitions[name] }

    /// What an agent's model is told of its tools, in the agent's order; made once.
    static func offers(to agent: AgentType) -> [OfferedTool] { offers[agent] ?? [] }

    private static let offers: [AgentType: [OfferedTool]] = Dictionary(
        uniqueKeysWithValues: AgentCatalogue.standard.agents.map { agent in
            let tools = agent.allowedTools.compactMap { definitions[$0] }
            return (agent.type, tools.map { OfferedTool(name: $0.name.rawValue, description: $0.description, parameters: $0.schema) })
        }
    )

    private static let longestPath = 4096

    private static let reading = [
        ToolDefinition(
            .readFile, "Reads a text file, whole or some of its lines.",
            parameters: [
                ToolParameter(
                    "path", .string(minLength: 1, maxLength: longestPath), required: true, "The file, relative to the workspace."),
                ToolParameter("encoding", .string(minLength: 1, maxLength: 32), default: .string("utf-8"), "The file's text encoding."),
                ToolParameter("start_line", .integer(minimum: 1, maximum: 100_000_000), "The first line to read, counted from 1."),
                ToolParameter("end_line", .integer(minimum: 1, maximum: 100_000_000), "The last line to read."),
            ]
        ),
        ToolDefinition(
            .listFiles, "Lists the files and folders in a folder.",
            parameters: [
                ToolParameter(
                    "path", .string(minLength: 1, maxLength: longestPath), required: true, "The folder; `.` is the workspace itself."
                ),
                ToolParameter("recursive", .boolean, default: .boolean(false), "Whether to go into the folders below."),
                ToolParameter("include_hidden", .boolean, default: .boolean(false), "Whether to list names that start with a dot."),
                ToolParameter("pattern", .string(minLength: 1, maxLength: 1024), "A glob that names have to match, such as *.swift."),
            ]
        ),
        ToolDefinition(
            .searchInCode, "Searches for text in the files of the workspace.",
            parameters: [
                ToolParameter("query", .string(minLength: 1, maxLength: 4096), required: true, "What to search for."),
                ToolParameter("path", .string(minLength: 1, maxLength: longestPath), default: .string("."), "The folder to search in."),
                ToolParameter("file_pattern", .string(minLength: 1, maxLength: 1024), "A glob that file names have to match."),
                ToolParameter("case_sensitive", .boolean, default: .boolean(false), "Whether upper and lower case differ."),
                ToolParameter("regex", .boolean, default: .boolean(false), "Whether the query is a regular expression."),
                ToolParameter("max_results", .integer(minimum: 1, maximum: 1000), default: .integer(100), "The most matches to give."),
            ]
        ),
    ]

    private static let writing = [
        ToolDefinition(
            .writeFile, requiresApproval: true, "Writes a text file: makes it, or replaces its whole content.",
            parameters: [
                ToolParameter(
                    "path", .string(minLength: 1, maxLength: longestPath), required: true, "The file, relative to the workspace."),
                ToolParameter("content", .string(maxLength: 4_000_000), required: true, "The complete new content."),
                ToolParameter("encoding", .string(minLength: 1, maxLength: 32), default: .string("utf-8"), "The text encoding to write."),
                ToolParameter("create_dirs", .boolean, default: .boolean(false), "Whether to make missing folders above the file."),
                ToolParameter("backup", .boolean, default: .boolean(false), "Whether to keep the old file beside the new one."),
            ]
        ),
        ToolDefinition(
            .createDirectory, requiresApproval: true, "Makes a folder.",
            parameters: [
                ToolParameter(
                    "path", .string(minLength: 1, maxLength: longestPath), required: true, "The folder, relative to the workspace."),
                ToolParameter("recursive", .boolean, default: .boolean(true), "Whether to make missing folders above it."),
            ]
        ),
        ToolDefinition(
            .executeCommand, requiresApproval: true, "Runs a command in the workspace and gives its output and exit status.",
            parameters: [
                ToolParameter("command", .string(minLength: 1, maxLength: 32768), required: true, "The command line."),
                ToolParameter("cwd", .string(minLength: 1, maxLength: longestPath), "The folder to run it in, relative to the workspace."),
                ToolParameter(
                    "timeout", .integer(minimum: 1, maximum: 300), default: .integer(60), "Seconds after which the command is stopped."
                ),
                ToolParameter("shell", .boolean, default: .boolean(false), "Whether a shell interprets the command line."),
            ]
        ),
    ]

    private static let conversing = [
        ToolDefinition(
            .switchMode, execution: .runtime, "Hands the conversation over to another agent, which goes on at once.",
            parameters: [
                ToolParameter("mode", .oneOf(AgentType.allCases.map(\.rawValue) + ["code"]), required: true, "The agent to hand over to."),
                ToolParameter("reason", .string(maxLength: 2000), "Why, in a sentence."),
            ]
        ),
        ToolDefinition(
            .attemptCompletion, execution: .runtime, "Ends the work with its result. Call it alone, after all other calls are answered.",
            parameters: [
                ToolParameter("result", .string(minLength: 1, maxLength: 200_000), required: true, "The result, for the user.")
            ]
        ),
        ToolDefinition(
            .askFollowupQuestion, "Asks the user a question and waits for the answer.",
            parameters: [
                ToolParameter("question", .string(minLength: 1, maxLength: 8192), required: true, "The question."),
                ToolParameter(
                    "suggestions", .strings(minItems: 2, maxItems: 4, maxLength: 2048), required: true, "Two to four possible answers."
                ),
            ]
        ),
    ]
}
