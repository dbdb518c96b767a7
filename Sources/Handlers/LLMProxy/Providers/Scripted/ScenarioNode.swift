import APISupport
internal import Yams

/// A node of a scenario file. What it is not, it says with its place.
struct ScenarioNode {
    let file: String
    let node: Node

    /// The root of a YAML text. Throws ``ScenarioError`` for text that is not YAML, or that is empty.
    init(yaml: String, file: String) throws(ScenarioError) {
        do {
            guard let root = try Yams.compose(yaml: yaml) else {
                throw ScenarioError(file: file, line: 1, column: 1, message: "the file is empty")
            }
            self.init(file: file, node: root)
        } catch let error as ScenarioError {
            throw error
        } catch {
            throw ScenarioError(yamlError: error, file: file)
        }
    }

    private init(file: String, node: Node) {
        self.file = file
        self.node = node
    }

    func error(_ message: String) -> ScenarioError {
        ScenarioError(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, message: message)
    }

    /// The members of a mapping. Throws at the first member that `known` does not name.
    func members(_ known: Set<String>, of what: String) throws(ScenarioError) -> [String: ScenarioNode] {
        guard let mapping = node.mapping else { throw error("\(what) must be a mapping") }
        var members: [String: ScenarioNode] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, known.contains(name) else {
                let place = ScenarioNode(file: file, node: key)
                throw place.error(
                    "unknown member `\(key.scalar?.string ?? "?")` of \(what): there are \(known.sorted().joined(separator: ", "))")
            }
            members[name] = ScenarioNode(file: file, node: value)
        }
        return members
    }

    /// The elements of a sequence.
    func elements(of what: String) throws(ScenarioError) -> [ScenarioNode] {
        guard let sequence = node.sequence else { throw error("\(what) must be a list") }
        return sequence.map { ScenarioNode(file: file, node: $0) }
    }

    /// A string, or anything else that is written without structure, as it is written.
    func string(_ what: String) throws(ScenarioError) -> String {
        guard let scalar = node.scalar else { throw error("\(what) must be text") }
        return scalar.string
    }

    /// One string, or a list of them.
    func strings(_ what: String) throws(ScenarioError) -> [String] {
        if node.scalar != nil { return [try string(what)] }
        var strings: [String] = []
        for element in try elements(of: what) { strings.append(try element.string("an element of \(what)")) }
        return strings
    }

    func integer(_ what: String, _ range: ClosedRange<Int64>) throws(ScenarioError) -> Int64 {
        guard let scalar = node.scalar, let value = Int64(scalar.string), range.contains(value) else {
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
        guard let scalar = node.scalar else { throw Template.SyntaxError(message: "must be text") }
        return scalar.string
    }

    /// Any YAML as JSON (YAML 1.2's JSON schema: plain `true`, `null` and numbers are what they look like), its strings as templates.
    func templateValue(_ what: String) throws(ScenarioError) -> TemplateValue {
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain, let literal = Self.literal(scalar.string) { return .literal(literal) }
            return .text(try template(what))
        case .sequence:
            var values: [TemplateValue] = []
            for element in try elements(of: what) { values.append(try element.templateValue(what)) }
            return .array(values)
        case .mapping(let mapping):
            var members: [(name: String, value: TemplateValue)] = []
            for (key, value) in mapping {
                guard let name = key.scalar?.string else { throw ScenarioNode(file: file, node: key).error("a member's name must be text") }
                members.append((name, try ScenarioNode(file: file, node: value).templateValue("`\(name)`")))
            }
            return .object(members)
        case .alias:
            throw error("\(what) refers to an anchor that is not there")
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

extension ScenarioError {
    /// What the YAML parser says, with its place.
    fileprivate init(yamlError error: any Error, file: String) {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            self.init(file: file, line: mark.line, column: mark.column, message: problem)
        case YamlError.duplicatedKeysInMapping(let names, let context):
            self.init(
                file: file, line: context.mark.line, column: context.mark.column,
                message: "members are there twice: \(names.sorted().joined(separator: ", "))")
        default:
            self.init(file: file, line: 1, column: 1, message: "cannot be read as YAML: \(error)")
        }
    }
}
