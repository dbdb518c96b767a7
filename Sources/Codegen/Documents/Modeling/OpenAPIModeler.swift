import CodegenModel

/// Makes the model's operations from an OpenAPI document.
struct OpenAPIModeler {
    let types: TypeModeler
    let security: SecurityModeler

    /// What the document's server does.
    func operations(of document: OpenAPIDocument, names: inout OperationNames) -> [InterfaceLinker.Entry] {
        document.operations.map { item, object in
            let server = (object.servers ?? item.servers ?? document.servers).first
            var entry = entry(object, item: item, path: (server?.path ?? "") + item.path, document: document, names: &names)
            entry.operation.origin = (object.servers ?? item.servers)?.first?.origin
            return entry
        }
    }

    /// What receivers of webhooks and callbacks do. The document's `security` is that of its server, not theirs.
    func receivers(
        _ operations: [(item: OpenAPIDocument.PathItem, operation: OperationObject)], of document: OpenAPIDocument,
        names: inout OperationNames
    ) -> [InterfaceLinker.Entry] {
        operations.map { item, object in
            var object = object
            object.security = object.security ?? []
            var entry = entry(object, item: item, path: item.path, document: document, names: &names)
            entry.operation.hookName = item.name ?? item.path
            return entry
        }
    }

    /// The id of an operation without one: method and path, or the name of the webhook or callback.
    private func id(_ object: OperationObject, item: OpenAPIDocument.PathItem) -> String {
        if let id = object.operationID?.value { return id }
        guard let name = item.name else { return "\(object.method.lowercased()) \(item.path)" }
        return item.operations.count == 1 ? name : "\(object.method.lowercased()) \(name)"
    }

    private func entry(
        _ object: OperationObject, item: OpenAPIDocument.PathItem, path: String, document: OpenAPIDocument, names: inout OperationNames
    ) -> InterfaceLinker.Entry {
        let id = id(object, item: item)
        types.diagnostics.begin(.operation(object.operationID?.value ?? "\(object.method.lowercased()) \(item.path)"))
        defer { types.diagnostics.end() }
        let name = names.claim(id, chosen: types.context.chosenName(id, object.node))
        var operation = operation(object, item: item, path: path, id: id, name: name, document: document)
        for index in operation.parameters.indices {
            guard let chosen = types.context.chosenName("\(id).\(operation.parameters[index].name)", nil).map(Namer.escaped),
                chosen != "body", !operation.parameters.contains(where: { $0.swiftName == chosen })
            else { continue }
            operation.parameters[index].swiftName = chosen
        }
        return InterfaceLinker.Entry(object: object, document: document, operation: operation)
    }

    private func operation(
        _ object: OperationObject, item: OpenAPIDocument.PathItem, path: String, id: String, name: (method: String, type: String),
        document: OpenAPIDocument
    ) -> CodegenModel.Operation {
        var scope = NameScope(reserved: object.requestBody == nil ? [] : ["body"])
        let parameters = parameters(object, item: item).map { parameter in
            ParameterModeler(types: types).parameter(
                parameter.name, in: parameter.location, schema: parameter.schema, isRequired: parameter.isRequired,
                description: parameter.description, encoding: parameter.encoding, allowsEmptyValue: parameter.allowsEmptyValue,
                hint: id, scope: &scope
            )
        }
        let undeclared = undeclaredPlaceholders(of: path, parameters).map { name in
            Parameter(name: name, swiftName: scope.claim(Namer.member(name)), location: .path, isRequired: true, type: TypeUse(.string))
        }
        let contents = ContentModeler(types: types)
        let body = object.requestBody.map { body in
            RequestBody(
                isRequired: body.isRequired, description: body.description,
                contents: contents.contents(body.content, hint: id, typeName: ""))
        }
        return CodegenModel.Operation(
            id: id, swiftName: name.method, typeName: name.type, method: object.method, path: path,
            summary: object.summary, description: object.description, tags: object.tags, isDeprecated: object.isDeprecated,
            parameters: undeclared + parameters, requestBody: body.flatMap { $0.contents.isEmpty ? nil : $0 },
            responses: responses(object, id: id),
            security: security.requirements(object.security ?? document.security ?? [], schemes: document.securitySchemes),
            maxBodySize: object.maxBodySize, position: object.position
        )
    }

    /// The path's parameters with the operation's over them, by location and then in document order.
    private func parameters(_ object: OperationObject, item: OpenAPIDocument.PathItem) -> [ParameterObject] {
        let inherited = item.parameters.filter { parameter in
            !object.parameters.contains { $0.name == parameter.name && $0.location == parameter.location }
        }
        // Nothing in a request could carry a path parameter without a placeholder.
        let placeholders = item.path.hasPrefix("/") ? PathTemplate.parameters(of: item.path) : nil
        let all = (inherited + object.parameters).filter { $0.location != .path || placeholders?.contains($0.name) ?? true }
        let locations: [ParameterLocation] = [.path, .query, .querystring, .header, .cookie]
        return locations.flatMap { location in all.filter { $0.location == location } }
    }

    /// Placeholders that no parameter speaks of, each once.
    private func undeclaredPlaceholders(of path: String, _ parameters: [Parameter]) -> [String] {
        guard path.hasPrefix("/") else { return [] }
        var names: [String] = []
        for name in PathTemplate.parameters(of: path) where !names.contains(name) {
            if !parameters.contains(where: { $0.location == .path && $0.name == name }) { names.append(name) }
        }
        return names
    }

    private func responses(_ object: OperationObject, id: String) -> [CodegenModel.Response] {
        var cases = NameScope()
        var payloads = NameScope(reserved: ["Input", "Output"])
        let contents = ContentModeler(types: types)
        let parameters = ParameterModeler(types: types)
        // `responses` is optional since OpenAPI 3.1; an operation without says nothing about its answer: any status, no body.
        if object.responses.isEmpty {
            return [CodegenModel.Response(status: .default, swiftName: Namer.member("default"), typeName: Namer.type("default"))]
        }
        return object.responses.sorted { ResponseStatus.precedes($0.status, $1.status) }.map { response in
            let words = ResponseStatus.words(response.status)
            let hint = id + " " + words
            var headers = NameScope(reserved: ["body", "statusCode"])
            let typeName = payloads.claim(Namer.type(words))
            return CodegenModel.Response(
                status: response.status, swiftName: cases.claim(Namer.member(words)), typeName: typeName,
                description: response.description, headers: response.headers.map { parameters.header($0, hint: hint, scope: &headers) },
                contents: contents.contents(allowed(response), hint: hint, typeName: typeName)
            )
        }
    }
}

extension OpenAPIModeler {
    /// The contents that a response of this status can have.
    private func allowed(_ response: ResponseObject) -> [MediaTypeObject] {
        let isForbidden =
            switch response.status {
            case .code(let code): code < 200 || [204, 205, 304].contains(code)
            case .range(let hundreds): hundreds == 1
            case .default: false
            }
        guard isForbidden, let first = response.content.first else { return response.content }
        types.diagnostics.report(.bodyForbidden, "a response of this status has no body", at: first.position)
        return []
    }
}

/// The names of operations, over all documents of a service.
struct OperationNames {
    private var methods = NameScope()
    private var types = NameScope()

    /// - Parameter chosen: What the configuration or the document calls it in Swift.
    mutating func claim(_ id: String, chosen: String? = nil) -> (method: String, type: String) {
        // A chosen name is written as it is, but for its first letter.
        let member = chosen.map { Namer.escaped($0.prefix(1).lowercased() + $0.dropFirst()) } ?? Namer.member(id)
        let type = chosen.map { Namer.escaped($0.prefix(1).uppercased() + $0.dropFirst()) } ?? Namer.type(id)
        return (methods.claim(member), types.claim(type))
    }
}
