/// One finding about a document: where, what, by which rule, and the edit that mends it.
public struct Diagnostic: Sendable, Hashable {
    public enum Severity: String, Sendable, Comparable {
        case error, warning, note

        private var rank: Int {
            switch self {
            case .error: 0
            case .warning: 1
            case .note: 2
            }
        }

        public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }
    }

    public var severity: Severity
    /// Stable kebab-case name of the rule, for suppression and `explain`.
    public var rule: String
    public var message: String
    public var position: SourcePosition
    /// The exact edit or configuration that resolves the finding.
    public var help: String?

    public init(
        _ severity: Severity, rule: String, _ message: String, at position: SourcePosition, help: String? = nil
    ) {
        self.severity = severity
        self.rule = rule
        self.message = message
        self.position = position
        self.help = help
    }
}
