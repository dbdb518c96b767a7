/// A tool that a model can be offered.
enum ToolName: String, Sendable, CaseIterable {
    case readFile = "read_file"
    case writeFile = "write_file"
    case listFiles = "list_files"
    case createDirectory = "create_directory"
    case executeCommand = "execute_command"
    case searchInCode = "search_in_code"
    case switchMode = "switch_mode"
    case attemptCompletion = "attempt_completion"
    case askFollowupQuestion = "ask_followup_question"
}
