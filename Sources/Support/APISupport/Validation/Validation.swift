/// Collects what is wrong with the values of one text, form or set of parameters, and knows where the value at hand stands.
///
/// The place is kept as offsets; text for it (a JSON pointer, RFC 6901) is built only when a violation is reported.
public struct Validation: Sendable {
    /// What has been reported, in the order of reading; at most the limit, then one more that says so.
    public private(set) var violations: [Violation] = []
    /// A pattern of the specification that cannot be used: the service's own fault, never the client's.
    public private(set) var fault: PatternError?

    /// Nothing is wrong so far.
    public var isSatisfied: Bool { violations.isEmpty && fault == nil }

    var patternBudget = PatternBudget()
    /// How often something was reported, what is beyond the limit included.
    private var reportCount = 0
    private let limit: Int
    private let text: JSONText?
    private var path: [PathSegment] = []
    private var subject: Subject = .text

    /// Something that is not a JSON text: parameters, a form. At most `limit` violations are kept.
    public init(limit: Int = 100) {
        self.limit = limit
        text = nil
    }

    init(text: JSONText, limit: Int) {
        self.limit = limit
        self.text = text
    }

    /// Records that the value at hand breaks `rule`.
    public mutating func report(rule: StaticString, _ message: @autoclosure () -> String) {
        report(rule: rule.description, pointer: { $0.pointer }, message())
    }

    /// Records that the object at hand lacks a required member; the violation points to where the member would be.
    public mutating func missing(_ member: StaticString) {
        report(rule: "required", member: member, "is required")
    }

    /// Records a violation of the member `member` of the object at hand.
    public mutating func report(rule: StaticString, member: StaticString, _ message: @autoclosure () -> String) {
        report(rule: rule.description, pointer: { $0.pointer + "/" + JSONPointer.escape(member.description) }, message())
    }

    private mutating func report(rule: String, pointer: (Validation) -> String, _ message: @autoclosure () -> String) {
        reportCount += 1
        if hasAsserted, violations.count <= limit, comparisons < Self.mostComparisons {
            comparisons += 1
            if isKnown(rule, pointer(self)) { return }
        }
        if violations.count < limit {
            violations.append(Violation(pointer: pointer(self), rule: rule, message: message()))
        } else if violations.count == limit {
            violations.append(Violation(pointer: "", rule: "violations", message: "more than \(limit) violations; the rest is left out"))
        }
    }

    /// Assertions have found something: typed reading, which comes after them, may find the same.
    private var hasAsserted = false
    /// Reports that were compared with those before them; what comes after many is written down again.
    private var comparisons = 0
    private static let mostComparisons = 10_000

    mutating func noteAssertions() { hasAsserted = true }

    /// Whether the violation is recorded, or is one of a value that must not be there at all.
    private func isKnown(_ rule: String, _ pointer: String) -> Bool {
        violations.contains { known in
            if known.pointer == pointer, known.rule == rule { return true }
            guard Self.rulesOfAbsence.contains(known.rule), pointer.hasPrefix(known.pointer) else { return false }
            let rest = pointer.utf8.dropFirst(known.pointer.utf8.count)
            return rest.first.map { $0 == UInt8(ascii: "/") } ?? true
        }
    }

    private static let rulesOfAbsence: Set<String> = ["additionalProperties", "unevaluatedProperties", "unevaluatedItems", "false"]

    mutating func report(_ violation: Violation) {
        report(rule: violation.rule, pointer: { _ in violation.pointer }, violation.message)
    }

    /// What has been recorded, and where the reader is.
    struct Checkpoint {
        fileprivate var violations: Int
        fileprivate var reportCount: Int
        fileprivate var path: Int
        fileprivate var last: PathSegment?
    }

    func checkpoint() -> Checkpoint {
        Checkpoint(violations: violations.count, reportCount: reportCount, path: path.count, last: path.last)
    }

    func isUntouched(since checkpoint: Checkpoint) -> Bool { reportCount == checkpoint.reportCount }

    /// Forgets what was recorded since, and goes back to the place of then, which encloses or is the present one.
    mutating func rollBack(to checkpoint: Checkpoint) {
        violations.removeLast(violations.count - checkpoint.violations)
        reportCount = checkpoint.reportCount
        truncatePath(to: checkpoint.path)
        if let last = checkpoint.last { path[path.count - 1] = last }
    }

    mutating func report(_ fault: PatternError) { self.fault = self.fault ?? fault }

    // MARK: Where

    /// What the value at hand is, when it is not part of a JSON text.
    enum Subject: Sendable {
        case text
        case parameter(ParameterLocation, StaticString)
        case field(StaticString)
        case additionalField(String)
    }

    /// Runs `body` with the value at hand being `subject`.
    mutating func within(_ subject: Subject, _ body: (inout Validation) -> Void) {
        let outer = self.subject
        self.subject = subject
        body(&self)
        self.subject = outer
    }

    /// The JSON pointer, or the parameter's name, of the value at hand.
    public var pointer: String {
        switch subject {
        case .parameter(let location, let name): return "\(location):\(name)"
        case .field(let name): return "/" + JSONPointer.escape(name.description)
        case .additionalField(let name): return "/" + JSONPointer.escape(name)
        case .text: break
        }
        var pointer = ""
        for segment in path {
            switch segment.kind {
            case .container: continue
            case .element: pointer += "/\(segment.offset)"
            case .member:
                let raw = text?.copy(from: segment.offset, to: segment.offset + segment.count) ?? []
                pointer += "/" + JSONPointer.escape(String(decoding: JSONEscapes.resolve(raw), as: UTF8.self))
            }
        }
        return pointer
    }

    /// Takes over the violations of a part that was read apart, `prefix` in front of their pointers.
    mutating func merge(_ other: Validation, under prefix: String = "") {
        for var violation in other.violations where violations.count <= limit {
            if !prefix.isEmpty { violation.pointer = prefix + violation.pointer }
            violations.append(violation)
        }
        fault = fault ?? other.fault
    }

    var pathLength: Int { path.count }

    mutating func push() { path.append(.container) }

    mutating func pop() { _ = path.popLast() }

    mutating func truncatePath(to length: Int) { path.removeLast(max(0, path.count - length)) }

    mutating func enter(_ segment: PathSegment) {
        guard !path.isEmpty else { return }
        path[path.count - 1] = segment
    }

    mutating func enterElement(isFirst: Bool) {
        guard let last = path.last else { return }
        path[path.count - 1] = PathSegment(element: isFirst ? 0 : last.offset + 1)
    }
}

/// One step of the place of a value: offsets only, so that following along costs next to nothing.
struct PathSegment: Sendable {
    enum Kind: Sendable { case container, member, element }

    var kind: Kind
    /// A member name's offset in the text, or an element's index.
    var offset: Int
    var count: Int

    /// Inside a container, before its first member or element.
    static let container = PathSegment(kind: .container, offset: 0, count: 0)

    init(offset: Int, count: Int) { self.init(kind: .member, offset: offset, count: count) }

    init(element index: Int) { self.init(kind: .element, offset: index, count: 0) }

    private init(kind: Kind, offset: Int, count: Int) {
        self.kind = kind
        self.offset = offset
        self.count = count
    }
}

/// JSON pointers (RFC 6901).
enum JSONPointer {
    /// A reference token: `~` and `/` escaped (§3).
    static func escape(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        var token = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": token += "~0"
            case "/": token += "~1"
            default: token.unicodeScalars.append(scalar)
            }
        }
        return token
    }
}
