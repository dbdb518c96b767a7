import APISupport

/// What became of a tool call at the client.
enum ToolOutcome: Sendable, Equatable {
    /// It gave this; nil: nothing.
    case result(JSONValue?)
    /// It failed, or the user refused it, for this reason.
    case error(String)

    /// How one client says that its user refused.
    private static let rejection = "User rejected"

    /// What the user decided, when the outcome is all that the client sends.
    var impliedDecision: ApprovalDecision.Kind {
        if case .error(let reason) = self, reason.hasPrefix(Self.rejection) { .reject } else { .approve }
    }

    var isError: Bool { if case .error = self { true } else { false } }

    /// The text for the model: a string as it is, any other value as JSON, cut when it is longer than a bound.
    func text(maximumBytes: Int) -> String {
        switch self {
        case .error(let reason): Self.cut("Error: \(reason)", to: maximumBytes)
        case .result(nil), .result(.some(.null)): "Done; the tool gave no output."
        case .result(.some(.string(let text))): Self.cut(text, to: maximumBytes)
        case .result(.some(let value)): Self.cut(String(decoding: JSONWriter.encode(value), as: UTF8.self), to: maximumBytes)
        }
    }

    private static func cut(_ text: String, to maximumBytes: Int) -> String {
        let count = text.utf8.count
        guard count > maximumBytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: maximumBytes)
        while end > text.startIndex, text.utf8[end] & 0xC0 == 0x80 { end = text.utf8.index(before: end) }
        return "\(text[..<end])\n[cut: \(count) bytes in all; ask for a part]"
    }
}
