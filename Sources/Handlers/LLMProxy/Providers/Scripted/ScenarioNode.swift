import APISupport

/// A node of a scenario file as plain data, with its place: what a reader of files gives to ``ScenarioBook/init(_:)``.
///
/// This target reads no file format; `ScenarioFiles` makes these nodes of YAML.
public struct ScenarioNode: Sendable {
    public enum Content: Sendable {
        /// Text; `isPlain` when it was written without quotes, so that `true` or `7` may be more than text.
        case scalar(String, isPlain: Bool)
        case sequence([ScenarioNode])
        /// The members in the file's order, their keys unique.
        case mapping([(key: ScenarioNode, value: ScenarioNode)])
    }

    /// The file's name, for messages.
    public let file: String
    /// Both count from 1; the column counts Unicode scalars.
    public let line: Int
    public let column: Int
    public let content: Content

    public init(file: String, line: Int, column: Int, content: Content) {
        self.file = file
        self.line = line
        self.column = column
        self.content = content
    }

    /// The text of a scalar; nil for what has structure.
    private var text: String? {
        guard case .scalar(let text, _) = content else { return nil }
        return text
    }

    func error(_ message: String) -> ScenarioError {
        ScenarioError(file: file, line: line, column: column, message: message)
    }

    /// The members of a mapping. Throws at the first member that `known` does not name.
    func members(_ known: Set<String>, of what: String) throws(ScenarioError) -> [String: ScenarioNode] {
        guard case .mapping(let mapping) = content else { throw error("\(what) must be a mapping") }
        var members: [String: ScenarioNode] = [:]
        for (key, value) in mapping {
            guard let name = key.text, known.contains(name) else {
                throw key.error("unknown member `\(key.text ?? "?")` of \(what): there are \(known.sorted().joined(separator: ", "))")
            }
            members[name] = value
        }
        return members
    }

    /// The elements of a sequence.
    func elements(of what: String) throws(ScenarioError) -> [ScenarioNode] {
        guard case .sequence(let elements) = content else { throw error("\(what) must be a list") }
        return elements
    }

    /// A string, or anything else that is written without structure, as it is written.
    func string(_ what: String) throws(ScenarioError) -> String {
        guard let text else { throw error("\(what) must be text") }
        return text
    }

    /// One string, or a list of them.
    func strings(_ what: String) throws(ScenarioError) -> [String] {
        if text != nil { return [try string(what)] }
        var strings: [String] = []
        for element in try elements(of: what) { strings.append(try element.string("an element of \(what)")) }
        return strings
    }

    func integer(_ what: String, _ range: ClosedRange<Int64>) throws(ScenarioError) -> Int64 {
        guard let value = text.flatMap({ Int64($0) }), range.contains(value) else {
            throw error("\(what) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func template(_ what: String) throws(ScenarioError) -> Template {
        do throws(Template.SyntaxError) {
            return try Template(try templateSource(what))
        } catch {
            throw self.error("\(what): \(error.message)")
        }
    }

    private func templateSource(_ what: String) throws(Template.SyntaxError) -> String {
        guard let text else { throw Template.SyntaxError(message: "must be text") }
        return text
    }

    /// Any node as JSON (as in YAML 1.2's JSON schema: plain `true`, `null` and numbers are what they look like), its strings as templates.
    func templateValue(_ what: String) throws(ScenarioError) -> TemplateValue {
        switch content {
        case .scalar(let text, let isPlain):
            if isPlain, let literal = Self.literal(text) { return .literal(literal) }
            return .text(try template(what))
        case .sequence(let elements):
            var values: [TemplateValue] = []
            for element in elements { values.append(try element.templateValue(what)) }
            return .array(values)
        case .mapping(let mapping):
            var members: [(name: String, value: TemplateValue)] = []
            for (key, value) in mapping {
                guard let name = key.text else { throw key.error("a member's name must be text") }
                members.append((name, try value.templateValue("`\(name)`")))
            }
            return .object(members)
        }
    }

    private static func literal(_ text: String) -> JSONValue? {
        switch text {
        case "null", "~", "": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default:
            if let integer = Int64(text) { return .integer(integer) }
            guard text.first.map({ $0.isNumber || $0 == "-" || $0 == "." }) == true else { return nil }
            return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
        }
    }
}
