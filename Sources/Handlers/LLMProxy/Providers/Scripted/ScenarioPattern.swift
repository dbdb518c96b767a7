/// A regular expression of a scenario. It keeps the source, which was compiled once to check it: `Regex` is not `Sendable`.
struct ScenarioPattern: Sendable {
    let source: String

    /// Throws what the compiler of regular expressions says about a bad one.
    init(_ source: String) throws {
        _ = try Regex(source)
        self.source = source
    }

    /// Whether the expression is found in `text`.
    func isFound(in text: String) -> Bool {
        guard let regex = try? Regex(source) else { return false }
        return text.firstMatch(of: regex) != nil
    }
}
