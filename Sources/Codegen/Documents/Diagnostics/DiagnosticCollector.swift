import CodegenModel

/// Where the stages of one run put their findings. It belongs to one run and is not shared between tasks.
final class DiagnosticCollector {
    private(set) var found: Set<Diagnostic> = []
    /// Nobody reads more, and a document made to be wrong must not fill the memory.
    private static let limit = 10_000

    /// Records a finding of `rule`; the same one a second time counts once.
    func report(_ rule: Rule, _ message: String, at position: SourcePosition, help: String? = nil) {
        guard found.count < Self.limit else { return }
        found.insert(Diagnostic(rule.severity, rule: rule.id, message, at: position, help: help ?? rule.help))
    }

    var hasErrors: Bool { found.contains { $0.severity == .error } }

    /// In the order of places, then of severity and rule.
    var sorted: [Diagnostic] {
        found.sorted {
            ($0.position, $0.severity, $0.rule, $0.message) < ($1.position, $1.severity, $1.rule, $1.message)
        }
    }
}
