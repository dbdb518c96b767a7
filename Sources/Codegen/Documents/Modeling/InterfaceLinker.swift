import CodegenModel

/// Adds to operations what connects them: links of their responses and callbacks of their requests.
struct InterfaceLinker {
    /// An operation of the model with the objects it was made from.
    struct Entry {
        let object: OperationObject
        let document: OpenAPIDocument
        var operation: CodegenModel.Operation
    }

    let types: TypeModeler
    private let byID: [String: CodegenModel.Operation]
    private let byNode: [ObjectIdentifier: CodegenModel.Operation]
    private var diagnostics: DiagnosticCollector { types.diagnostics }

    /// - Parameter entries: All operations of the service, those of webhooks and callbacks too.
    init(types: TypeModeler, entries: [Entry]) {
        self.types = types
        byID = Dictionary(entries.map { ($0.operation.id, $0.operation) }) { first, _ in first }
        byNode = Dictionary(entries.map { ($0.object.node.id, $0.operation) }) { first, _ in first }
    }

    func linked(_ entry: Entry) -> CodegenModel.Operation {
        var operation = entry.operation
        operation.callbacks = callbacks(entry)
        // `Input`, `Output` and the successful cases are taken.
        var names = NameScope(reserved: Set(operation.responses.map { Namer.unescaped($0.swiftName) }).union(["response"]))
        for index in operation.responses.indices {
            guard let object = entry.object.responses.first(where: { $0.status == operation.responses[index].status }) else { continue }
            operation.responses[index].links = object.links.compactMap { link in
                self.link(link, of: entry.operation, operation.responses[index], &names)
            }
        }
        return operation
    }

    // MARK: Callbacks

    private func callbacks(_ entry: Entry) -> [Callback] {
        var names = NameScope(reserved: ["id", "Input", "Output", "Body"])
        return entry.object.callbacks.flatMap { object in
            object.items.map { item in
                Callback(
                    name: object.name, swiftName: names.claim(Namer.member(object.name + " URL")), expression: item.path,
                    url: url(item, of: entry.operation), operations: item.operations.compactMap { byNode[$0.node.id]?.typeName }
                )
            }
        }
    }

    private func url(_ item: OpenAPIDocument.PathItem, of operation: CodegenModel.Operation) -> [RuntimeText]? {
        guard let parts = RuntimeExpression.parts(of: item.path) else {
            diagnostics.report(.runtimeExpression, "`\(item.path)` has a part in braces that is no runtime expression", at: item.position)
            return nil
        }
        if let text = RuntimeValueFinder(types: types, operation: operation).text(parts) { return text }
        diagnostics.report(
            .untypedExpression, "`\(item.path)` leads to nothing that has one Swift type: the URL must be found by hand", at: item.position
        )
        return nil
    }

    // MARK: Links

    private func link(
        _ object: LinkObject, of operation: CodegenModel.Operation, _ response: CodegenModel.Response, _ names: inout NameScope
    ) -> Link? {
        guard let target = target(object) else { return nil }
        let finder = RuntimeValueFinder(types: types, operation: operation, response: response)
        var link = Link(
            name: object.name, swiftName: names.claim(Namer.member(object.name + " input")), description: object.description,
            operation: target.typeName
        )
        for member in object.parameters {
            guard let parameter = parameter(member.key, of: target) else {
                diagnostics.report(
                    .linkUnusable, "`\(target.id)` has no parameter `\(member.key)`", at: member.keyPosition,
                    help: NearName.of(member.key, among: target.parameters.map(\.name)).map { "did you mean `\($0)`?" }
                )
                continue
            }
            if let filling = filling(member.value, for: parameter.type, finder) { link.parameters[parameter.swiftName] = filling }
        }
        if let node = object.requestBody {
            if let contents = target.requestBody?.contents, contents.count == 1, case .json(let use) = contents[0].kind {
                link.requestBody = filling(node, for: use, finder)
            } else {
                diagnostics.report(
                    .untypedExpression, "the body of `\(target.id)` is not JSON alone: it stays with the caller", at: node.position)
            }
        }
        return link
    }

    private func target(_ object: LinkObject) -> CodegenModel.Operation? {
        if let node = object.operationID {
            if let found = node.string.flatMap({ byID[$0] }) { return found }
            diagnostics.report(
                .linkUnusable, "no operation that is generated has the id `\(node.scalar?.text ?? "")`", at: node.position,
                help: NearName.of(node.scalar?.text ?? "", among: byID.keys.sorted()).map { "did you mean `\($0)`?" }
            )
        } else if let node = object.operationReference {
            if let found = types.context.references.optionalTarget(of: node).flatMap({ byNode[$0.node.id] }) { return found }
            diagnostics.report(.linkUnusable, "no operation that is generated is at `\(node.scalar?.text ?? "")`", at: node.position)
        } else {
            diagnostics.report(
                .linkUnusable, "the link `\(object.name)` names no operation", at: object.position, help: "add `operationId:`")
        }
        return nil
    }

    /// `id`, or `path.id` where a name stands in several places (OpenAPI 3.1, section 4.8.20.1).
    private func parameter(_ name: String, of operation: CodegenModel.Operation) -> Parameter? {
        if let found = operation.parameters.first(where: { $0.name == name }) { return found }
        guard let dot = name.firstIndex(of: ".") else { return nil }
        return operation.parameters.first { $0.location.rawValue == name[..<dot] && $0.name == name[name.index(after: dot)...] }
    }

    private func filling(_ node: DocumentNode, for type: TypeUse, _ finder: RuntimeValueFinder) -> Link.Filling? {
        guard let text = node.string, text.hasPrefix("$") else { return constant(node, for: type) }
        guard let expression = RuntimeExpression(text) else {
            diagnostics.report(.runtimeExpression, "`\(text)` is no runtime expression", at: node.position)
            return nil
        }
        if let value = finder.value(expression), fits(value.type, type) { return .value(value) }
        diagnostics.report(
            .untypedExpression, "`\(text)` leads to nothing of the parameter's type: it stays with the caller", at: node.position)
        return nil
    }

    private func fits(_ source: TypeUse, _ target: TypeUse) -> Bool {
        types.withoutAliases(source).base == types.withoutAliases(target).base || (types.isScalarText(source) && types.isScalarText(target))
    }

    private func constant(_ node: DocumentNode, for type: TypeUse) -> Link.Filling? {
        let value: LiteralValue? =
            switch types.withoutAliases(type).base {
            case .string: node.scalar.map { .string($0.text) }
            case .boolean: node.scalar?.boolean.map { .boolean($0) }
            case .integer: node.scalar?.integer.map { .integer($0) }
            case .number: node.scalar?.number.map { .number($0) }
            default: nil
            }
        if let value { return .constant(value) }
        diagnostics.report(
            .untypedExpression, "\(node.kindDescription) is no constant of the parameter's type: it stays with the caller",
            at: node.position)
        return nil
    }
}

extension Rule {
    static let runtimeExpression = Rule(
        "runtime-expression", "A runtime expression says what of a request or response is meant.",
        help: "write an expression such as `$request.body#/url`, `$request.query.id` or `$response.header.Location`",
        explanation: """
            Expressions stand in links and, in braces, in the keys of callbacks (OpenAPI 3.1, section 4.8.20.4): `$url`, `$method`,
            `$statusCode`, and `$request.` or `$response.` followed by `header.NAME`, `query.NAME`, `path.NAME` or `body#POINTER`.
            """
    )
    static let untypedExpression = Rule(
        "untyped-expression", "A runtime expression leads to a property with one Swift type.", severity: .note,
        help: "nothing need be done: the generated documentation names the expression",
        explanation: """
            What an expression takes from a union, a map, a body of several media types or the URL of the request is known at run time only. The
            link's or callback's accessor then leaves that part to its caller.
            """
    )
    static let linkUnusable = Rule(
        "link-unusable", "A link names an operation that exists, and its parameters.", severity: .warning,
        help: "correct the link, or remove it",
        explanation: """
            A link leads by `operationId` or `operationRef` to an operation of the documents that is generated too (a filter may have left it
            out), and fills parameters of that operation (OpenAPI 3.1, section 4.8.20). A link that does not is left out.
            """
    )
}
