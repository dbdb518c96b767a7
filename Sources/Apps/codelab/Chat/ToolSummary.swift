import APISupport

/// How a tool call and its result are told to a person, in a line.
enum ToolSummary {
    static func call(_ call: TurnEvent.ToolCall) -> String {
        let arguments = call.arguments
        switch call.tool {
        case "execute_command":
            let folder = arguments["cwd"]?.stringValue.map { " (in \($0))" } ?? ""
            return "execute_command: \(arguments["command"]?.stringValue ?? "")\(folder)"
        case "search_in_code":
            return "search_in_code: \(arguments["query"]?.stringValue ?? "")"
        case "write_file":
            let size = arguments["content"]?.stringValue?.utf8.count ?? 0
            return "write_file: \(arguments["path"]?.stringValue ?? "") (\(size) bytes)"
        default:
            guard let path = arguments["path"]?.stringValue else { return call.tool }
            return "\(call.tool): \(path)"
        }
    }

    /// What is to be approved, as a whole: nobody can approve what they do not see.
    static func details(_ call: TurnEvent.ToolCall) -> String {
        call.arguments.members.map { name, value in
            switch value {
            case .string(let text) where text.contains("\n"):
                "  \(name):\n" + text.split(separator: "\n", omittingEmptySubsequences: false).map { "    | \($0)" }.joined(separator: "\n")
            case .string(let text): "  \(name): \(text)"
            default: "  \(name): \(String(decoding: JSONWriter.encode(value), as: UTF8.self))"
            }
        }.joined(separator: "\n")
    }

    static func result(_ result: JSONObject, of tool: String) -> String {
        switch tool {
        case "read_file":
            let lines = (result["end_line"]?.integerValue ?? 0) - (result["start_line"]?.integerValue ?? 0) + 1
            return "\(lines) of \(result["total_lines"]?.integerValue ?? 0) lines"
        case "write_file": return "\(result["bytes_written"]?.integerValue ?? 0) bytes written"
        case "list_files": return "\(result["count"]?.integerValue ?? 0) entries"
        case "search_in_code": return "\(result["count"]?.integerValue ?? 0) matches"
        case "create_directory": return result["created"] == .boolean(true) ? "created" : "exists"
        case "execute_command":
            if result["timed_out"] == .boolean(true) { return "timed out" }
            return result["exit_code"]?.integerValue.map { "exit status \($0)" } ?? "signal \(result["signal"]?.integerValue ?? 0)"
        default: return "done"
        }
    }
}
