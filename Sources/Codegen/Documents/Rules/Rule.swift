public import CodegenModel

/// Something a document must or should do: the subject of a diagnostic, and of `codelab-codegen explain`.
public struct Rule: Sendable {
    /// Stable kebab-case name.
    public let id: String
    public let severity: Diagnostic.Severity
    /// One sentence: what the rule asks for.
    public let summary: String
    /// Why, and what to do; a paragraph or two.
    public let explanation: String
    /// A piece of a document that breaks the rule, and the same mended; nil for rules that no piece of text shows.
    public let wrong: String?
    public let right: String?
    /// The help of a diagnostic that brings no more exact one.
    let help: String?
    /// Whether it tells of a limit of the generator, or of something that who generates a client cannot mend: its diagnostics say how to leave
    /// the place out.
    let isSkippable: Bool

    init(
        _ id: String, _ summary: String, severity: Diagnostic.Severity = .error, help: String? = nil, isSkippable: Bool = false,
        explanation: String, wrong: String? = nil, right: String? = nil
    ) {
        self.isSkippable = isSkippable
        self.id = id
        self.severity = severity
        self.summary = summary
        self.help = help
        self.explanation = explanation
        self.wrong = wrong ?? RuleExamples.all[id]?.wrong
        self.right = right ?? RuleExamples.all[id]?.right
    }
}
