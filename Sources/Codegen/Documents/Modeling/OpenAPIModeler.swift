import CodegenModel

/// Makes the model's operations from an OpenAPI document.
struct OpenAPIModeler {
    let types: TypeModeler
    let security: SecurityModeler

    func operations(of document: OpenAPIDocument, names: inout OperationNames) -> [CodegenModel.Operation] {
        document.operations.map { item, operation in
            self.operation(operation, item: item, document: document, names: &names)
        }
    }

    private func operation(
        _ object: OperationObject, item: OpenAPIDocument.PathItem, document: OpenAPIDocument, names: inout OperationNames
    ) -> CodegenModel.Operation {
        let id = object.operationID?.value ?? "\(object.method.lowercased()) \(item.path)"
        let name = names.claim(id)
        var scope = NameScope(reserved: object.requestBody == nil ? [] : ["body"])
        let parameters = parameters(object, item: item).map { parameter in
            ParameterModeler(types: types).parameter(
                parameter.name, in: parameter.location, schema: parameter.schema, isRequired: parameter.isRequired,
                description: parameter.description, hint: id, scope: &scope
            )
        }
        let contents = ContentModeler(types: types)
        let body = object.requestBody.map { body in
            RequestBody(isRequired: body.isRequired, description: body.description, contents: contents.contents(body.content, hint: id))
        }
        return CodegenModel.Operation(
            id: id, swiftName: name.method, typeName: name.type, method: object.method, path: document.basePath + item.path,
            summary: object.summary, description: object.description, tags: object.tags, isDeprecated: object.isDeprecated,
            parameters: parameters, requestBody: body.flatMap { $0.contents.isEmpty ? nil : $0 }, responses: responses(object, id: id),
            security: security.requirements(object.security ?? document.security ?? [], schemes: document.securitySchemes),
            maxBodySize: object.maxBodySize, position: object.position
        )
    }

    /// The path's parameters with the operation's over them, by location and then in document order.
    private func parameters(_ object: OperationObject, item: OpenAPIDocument.PathItem) -> [ParameterObject] {
        let inherited = item.parameters.filter { parameter in
            !object.parameters.contains { $0.name == parameter.name && $0.location == parameter.location }
        }
        let all = inherited + object.parameters
        let locations: [ParameterLocation] = [.path, .query, .header, .cookie]
        return locations.flatMap { location in all.filter { $0.location == location } }
    }

    private func responses(_ object: OperationObject, id: String) -> [CodegenModel.Response] {
        var cases = NameScope()
        var payloads = NameScope(reserved: ["Input", "Output"])
        let contents = ContentModeler(types: types)
        let parameters = ParameterModeler(types: types)
        return object.responses.sorted { ResponseStatus.precedes($0.status, $1.status) }.map { response in
            let words = ResponseStatus.words(response.status)
            let hint = id + " " + words
            var headers = NameScope(reserved: ["body", "statusCode"])
            return CodegenModel.Response(
                status: response.status, swiftName: cases.claim(Namer.member(words)), typeName: payloads.claim(Namer.type(words)),
                description: response.description, headers: response.headers.map { parameters.header($0, hint: hint, scope: &headers) },
                contents: contents.contents(response.content, hint: hint)
            )
        }
    }
}

/// The names of operations, over all documents of a service.
struct OperationNames {
    private var methods = NameScope()
    private var types = NameScope()

    mutating func claim(_ id: String) -> (method: String, type: String) {
        (methods.claim(Namer.member(id)), types.claim(Namer.type(id)))
    }
}
