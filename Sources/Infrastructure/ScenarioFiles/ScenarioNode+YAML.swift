import LLMProxyHandlers
import Yams

extension ScenarioNode {
    /// How many nodes a file may have with its aliases expanded: a few lines of YAML can otherwise stand for billions.
    static let nodeLimit = 100_000

    /// The root of a YAML text. Throws ``ScenarioError`` for text that is not YAML, or that is empty.
    init(yaml: String, file: String) throws(ScenarioError) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw ScenarioError(yamlError: error, file: file)
        }
        guard let root else { throw ScenarioError(file: file, line: 1, column: 1, message: "the file is empty") }
        var left = Self.nodeLimit
        self = try Self.read(root, file: file, left: &left)
    }

    private static func read(_ node: Node, file: String, left: inout Int) throws(ScenarioError) -> ScenarioNode {
        let (line, column) = (node.mark?.line ?? 1, node.mark?.column ?? 1)
        left -= 1
        guard left >= 0 else {
            throw ScenarioError(file: file, line: line, column: column, message: "the file has more than \(nodeLimit) nodes")
        }
        let content: Content
        switch node {
        case .scalar(let scalar):
            content = .scalar(scalar.string, isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            var elements: [ScenarioNode] = []
            for element in sequence { elements.append(try read(element, file: file, left: &left)) }
            content = .sequence(elements)
        case .mapping(let mapping):
            var members: [(key: ScenarioNode, value: ScenarioNode)] = []
            for (key, value) in mapping {
                members.append((try read(key, file: file, left: &left), try read(value, file: file, left: &left)))
            }
            content = .mapping(members)
        case .alias:
            throw ScenarioError(file: file, line: line, column: column, message: "this refers to an anchor that is not there")
        }
        return ScenarioNode(file: file, line: line, column: column, content: content)
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
