import CodegenModel
import Yams

/// Bounds on a document, so that a hostile one ends in a diagnostic and not in memory.
struct DocumentLimits: Sendable {
    var bytes = 8 * 1024 * 1024
    var nesting = 128
    /// After aliases are followed: an alias bomb reaches it at once.
    var nodes = 1_000_000
    /// Fields read of all objects, those behind references as often as they are referred to.
    var fields = 2_000_000
    /// Operations: many paths that refer to one large path item would otherwise be read for hours.
    var operations = 20_000
}

/// Builds the node tree of one file from Yams's tree, each node visited once.
struct YAMLTreeBuilder {
    let file: FileIdentity
    let limits: DocumentLimits
    let diagnostics: DiagnosticCollector
    private var count = 0
    /// Set when a limit was hit: building ends without visiting the rest.
    private var isExhausted = false

    init(file: FileIdentity, limits: DocumentLimits, diagnostics: DiagnosticCollector) {
        self.file = file
        self.limits = limits
        self.diagnostics = diagnostics
    }

    /// The tree of `text`; nil after a diagnostic says why not.
    mutating func build(_ text: String) -> DocumentNode? {
        if let position = AliasAudit.complexKey(in: text) {
            diagnostics.report(
                .yamlUnsupported, "keys that are not plain text are not supported", at: place(position.line, position.column)
            )
            return nil
        }
        do {
            // Yams's own resolver runs seven regular expressions a scalar; `Scalar` resolves by YAML 1.2 on demand.
            guard let root = try Yams.compose(yaml: text, .basic, .default, .utf8) else {
                diagnostics.report(.yamlSyntax, "the document is empty", at: place(1, 1))
                return nil
            }
            let node = node(from: root, depth: 0)
            return isExhausted ? nil : node
        } catch let error as YamlError {
            report(error)
        } catch {
            diagnostics.report(.yamlSyntax, "the document cannot be parsed: \(error)", at: place(1, 1))
        }
        return nil
    }

    private func place(_ line: Int, _ column: Int) -> SourcePosition {
        file.position(of: NodePlace(line: line, column: column))
    }

    private mutating func node(from yaml: Yams.Node, depth: Int) -> DocumentNode {
        let mark = NodePlace(line: yaml.mark?.line ?? 1, column: yaml.mark?.column ?? 1)
        count += 1
        if !isExhausted, count > limits.nodes {
            exhaust("the document has more than \(limits.nodes) values once its aliases are followed", at: file.position(of: mark))
        }
        if !isExhausted, depth > limits.nesting {
            exhaust("the document is nested more than \(limits.nesting) levels deep", at: file.position(of: mark))
        }
        guard !isExhausted else { return DocumentNode(.sequence([]), at: mark, in: file) }
        switch yaml {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain && scalar.tag.rawValue != "tag:yaml.org,2002:str" && scalar.tag.rawValue != "!"
            return DocumentNode(.scalar(Scalar(text: scalar.string, isPlain: isPlain)), at: mark, in: file)
        case .sequence(let sequence):
            var elements: [DocumentNode] = []
            for element in sequence where !isExhausted { elements.append(node(from: element, depth: depth + 1)) }
            return DocumentNode(.sequence(elements), at: mark, in: file)
        case .mapping(let mapping):
            var members: [DocumentNode.Member] = []
            for (key, value) in mapping where !isExhausted {
                guard let member = member(key, value, depth: depth) else { continue }
                members.append(member)
            }
            return DocumentNode(.mapping(members), at: mark, in: file)
        case .alias:
            // `compose` replaces aliases by what they stand for; only trees made by hand hold them.
            return DocumentNode(.scalar(Scalar(text: "", isPlain: true)), at: mark, in: file)
        }
    }

    private mutating func member(_ key: Yams.Node, _ value: Yams.Node, depth: Int) -> DocumentNode.Member? {
        let mark = NodePlace(line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
        guard case .scalar(let scalar) = key else {
            diagnostics.report(.yamlUnsupported, "keys that are not plain text are not supported", at: file.position(of: mark))
            return nil
        }
        if scalar.string == "<<", scalar.style == .plain {
            diagnostics.report(.yamlUnsupported, "merge keys (`<<`) belong to YAML 1.1 and are not supported", at: file.position(of: mark))
            return nil
        }
        return DocumentNode.Member(key: scalar.string, at: mark, value: node(from: value, depth: depth + 1))
    }

    private mutating func exhaust(_ message: String, at position: SourcePosition) {
        isExhausted = true
        diagnostics.report(.documentTooLarge, message, at: position)
    }

    private func report(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let message = [context?.text, problem].compactMap { $0 }.joined(separator: ", ")
            diagnostics.report(.yamlSyntax, message, at: place(mark.line, mark.column))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "`\($0)`" }.joined(separator: ", ")
            diagnostics.report(
                .yamlSyntax, "the key \(keys) occurs more than once in the same object", at: place(context.mark.line, context.mark.column)
            )
        case .reader(let problem, _, _, _):
            diagnostics.report(.yamlSyntax, problem, at: place(1, 1))
        default:
            diagnostics.report(.yamlSyntax, "the document cannot be parsed", at: place(1, 1))
        }
    }
}
