import FoundationEssentials

/// A file that is touched only when its text changes, so that nothing is compiled again for no reason.
struct OutputFile {
    enum State { case same, different, missing }

    let path: String

    /// How the file compares to `text`.
    func state(against text: String) -> State {
        guard let old = FileManager.default.contents(atPath: path) else { return .missing }
        return old == Data(text.utf8) ? .same : .different
    }

    /// - Returns: Whether the file was written.
    func update(_ text: String) throws -> Bool {
        if state(against: text) == .same { return false }
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        return true
    }
}
