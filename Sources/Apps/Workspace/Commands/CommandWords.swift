/// Splits a command line into words without a shell: quotes and backslashes as in a shell, but nothing is expanded, and what only a shell
/// could do is refused instead of being passed on as an argument.
struct CommandWords: Equatable {
    private(set) var words: [String] = []

    /// - Throws: ``ToolFailure`` for an open quote, an empty line, or an operator outside of quotes.
    init(_ line: String) throws(ToolFailure) {
        var word: String?
        var quote: Character?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch (character, quote) {
            case ("\\", nil), ("\\", "\""):
                guard let escaped = rest.popFirst() else { throw Self.refused("ends with a backslash") }
                // In double quotes a backslash stands for itself unless it escapes one of these (POSIX shell, 2.2.3).
                if quote == "\"", !["\"", "\\", "$", "`"].contains(escaped) { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(escaped)
            case (_, let open?):
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            case ("'", nil), ("\"", nil):
                quote = character
                word = word ?? ""
            case (" ", nil), ("\t", nil), ("\n", nil):
                if let finished = word { words.append(finished) }
                word = nil
            case ("|", nil), ("&", nil), (";", nil), ("<", nil), (">", nil), ("$", nil), ("`", nil), ("(", nil), (")", nil), ("*", nil),
                ("~", nil):
                throw Self.refused("uses '\(character)', which needs a shell; set 'shell' to true")
            default:
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw Self.refused("has a quote that is never closed") }
        if let finished = word { words.append(finished) }
        guard words.first?.isEmpty == false else { throw Self.refused("names no program") }
    }

    private static func refused(_ what: String) -> ToolFailure {
        ToolFailure(.invalidArguments, "the command \(what)")
    }
}
