/// A value in the text that is checked; only an ``AssertionRun`` knows what it is.
public struct JSONNode: Sendable, Hashable {
    let index: Int32
}

/// The check of one value against schemas: what generated assertions call, and what they found.
///
/// A schema is a function that calls the run for each of its keywords. Where only the outcome counts (`not`, `anyOf`, `if`, …) it runs on
/// trial: nothing is written down, and it ends with the first violation. Time and stack are bounded whatever value and schema say.
public struct AssertionRun {
    /// A schema.
    public typealias Assertion = (JSONNode, inout AssertionRun) -> Void

    /// Applications of a schema to a value that one run may take.
    static let maximumSteps = 1_000_000
    /// Schemas within each other.
    static let maximumDepth = 1_024

    struct Finding {
        var node: Int32
        /// A member of the node that is not there.
        var member: StaticString?
        var rule: String
        var message: String
    }

    var tree: JSONTree
    var patternBudget = PatternBudget()
    private(set) var findings: [Finding] = []
    private(set) var fault: PatternError?
    private let limit: Int
    private var trials = 0
    /// A violation was seen in the present trial.
    private var hasFailed = false
    private var steps = 0
    private var depth = 0
    private var isExhausted = false
    /// Members and items that the schemas around have evaluated.
    private var evaluated: Set<Int32> = []
    /// The schema resources that are being evaluated and have dynamic anchors, outermost first.
    private var resources: [Int] = []

    init(_ tree: JSONTree, limit: Int) {
        self.tree = tree
        self.limit = limit
    }

    static let root = JSONNode(index: 0)

    // MARK: Schemas

    /// Begins a schema; when false, nothing of it need be looked at, and ``leave()`` is not to be called.
    public mutating func enter() -> Bool {
        if isExhausted || (trials > 0 && hasFailed) { return false }
        steps += 1
        depth += 1
        guard steps <= Self.maximumSteps, depth <= Self.maximumDepth else {
            depth -= 1
            isExhausted = true
            hasFailed = true
            findings.append(Finding(node: 0, rule: "complexity", message: "takes too long to be checked against its schema"))
            return false
        }
        return true
    }

    public mutating func leave() { depth -= 1 }

    /// The same for a schema of a resource that has dynamic anchors.
    public mutating func enter(_ resource: Int) -> Bool {
        guard enter() else { return false }
        resources.append(resource)
        return true
    }

    public mutating func leave(_ resource: Int) {
        depth -= 1
        _ = resources.popLast()
    }

    var activeResources: [Int] { resources }

    // MARK: Findings

    public mutating func report(_ value: JSONNode, _ rule: StaticString, _ message: @autoclosure () -> String) {
        hasFailed = true
        guard trials == 0, findings.count <= limit else { return }
        findings.append(Finding(node: value.index, rule: rule.description, message: message()))
    }

    /// Records a violation of a member that is not there.
    mutating func reportMember(_ value: JSONNode, _ member: StaticString, _ rule: StaticString, _ message: @autoclosure () -> String) {
        hasFailed = true
        guard trials == 0, findings.count <= limit else { return }
        findings.append(Finding(node: value.index, member: member, rule: rule.description, message: message()))
    }

    /// The JSON pointer of a finding, seen from the value that is checked.
    func pointer(_ finding: Finding) -> String {
        tree.pointer(finding.node) + (finding.member.map { "/" + JSONPointer.escape($0.description) } ?? "")
    }

    mutating func report(_ fault: PatternError) {
        hasFailed = true
        self.fault = self.fault ?? fault
    }

    /// Whether `value` satisfies a schema. What it evaluates counts when it does.
    public mutating func holds(_ value: JSONNode, _ schema: Assertion) -> Bool {
        let outer = (hasFailed, evaluated)
        hasFailed = false
        trials += 1
        schema(value, &self)
        trials -= 1
        let isSatisfied = !hasFailed
        hasFailed = outer.0
        if !isSatisfied { evaluated = outer.1 }
        return isSatisfied
    }

    // MARK: Evaluated members and items

    /// Notes that a keyword spoke of a member or an item.
    public mutating func markEvaluated(_ child: JSONNode) { evaluated.insert(child.index) }

    func isEvaluated(_ child: JSONNode) -> Bool { evaluated.contains(child.index) }

    /// Begins a schema with `unevaluatedProperties` or `unevaluatedItems`: it sees what its own keywords evaluate, and nothing else.
    public mutating func beginEvaluation() -> Set<Int32> {
        let outer = evaluated
        evaluated = []
        return outer
    }

    public mutating func endEvaluation(_ outer: Set<Int32>) { evaluated.formUnion(outer) }

    /// Drops what was evaluated since ``beginEvaluation()``.
    mutating func forgetEvaluation(_ outer: Set<Int32>) { evaluated = outer }
}
