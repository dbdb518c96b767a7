import CodegenModel

/// Where the stages of one run put their findings. It belongs to one run and is not shared between tasks.
final class DiagnosticCollector {
    private(set) var found: Set<Diagnostic> = []
    private var claims: Set<Claim> = []
    /// Nobody reads more, and a document made to be wrong must not fill the memory.
    private static let limit = 10_000

    /// What a finding is about. Several stages look at the same places, each with words of its own; the first to find something says it.
    private struct Claim: Hashable {
        let position: SourcePosition
        let text: String

        init(_ rule: Rule, _ message: String, _ position: SourcePosition) {
            self.position = position
            // A value is of one wrong type, and a field is out of place once; an object may miss several fields.
            let isOutOfPlace = [Rule.unknownField.id, Rule.fieldUndefined.id, Rule.versionFeature.id].contains(rule.id)
            text = isOutOfPlace ? "field" : rule.id == Rule.wrongType.id || rule.id == Rule.nullValue.id ? "type" : rule.id + message
        }
    }

    /// A part of a document that the configuration can leave out.
    enum Subject {
        /// By `operationId`, or by method and path.
        case operation(String)
        /// A component by its name.
        case schema(String)

        /// The lines of codegen.yaml that leave it out.
        var skipping: String {
            switch self {
            case .operation(let name):
                "to leave the operation out, write in codegen.yaml: filter: {exclude: {operations: [\(Self.quoted(name))]}}"
            case .schema(let name):
                "to take the schema as it comes, write in codegen.yaml: types: {\(Self.quoted(name)): APISupport.JSONValue}"
            }
        }

        private static func quoted(_ name: String) -> String {
            let isPlain = name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "_-.".utf8.contains($0)
            }
            return isPlain ? name : "'\(name.replacing("'", with: "''"))'"
        }
    }

    private var subjects: [Subject] = []

    /// What is being read or modelled.
    var subject: Subject? { subjects.last }

    /// What follows, until ``end()``, is said about `subject`.
    func begin(_ subject: Subject) { subjects.append(subject) }

    func end() { subjects.removeLast() }

    /// Records a finding of `rule`; the same one a second time counts once.
    /// - Parameter severity: In place of the rule's, where it is milder for documents of an older version.
    func report(
        _ rule: Rule, _ message: String, at position: SourcePosition, help: String? = nil, severity: Diagnostic.Severity? = nil
    ) {
        guard found.count < Self.limit else { return }
        guard claims.insert(Claim(rule, message, position)).inserted else { return }
        var help = help ?? rule.help
        if rule.isSkippable, let skipping = subjects.last?.skipping { help = help.map { "\($0); \(skipping)" } ?? skipping }
        found.insert(Diagnostic(severity ?? rule.severity, rule: rule.id, message, at: position, help: help))
    }

    var hasErrors: Bool { found.contains { $0.severity == .error } }

    /// In the order of places, then of severity and rule.
    var sorted: [Diagnostic] {
        found.sorted {
            ($0.position, $0.severity, $0.rule, $0.message) < ($1.position, $1.severity, $1.rule, $1.message)
        }
    }
}
