import CodegenModel

/// Finds the Swift properties that runtime expressions mean.
struct RuntimeValueFinder {
    let types: TypeModeler
    /// The operation whose request, and perhaps response, is looked at.
    let operation: CodegenModel.Operation
    var response: CodegenModel.Response?

    /// nil when what is meant has no Swift type: a part of a union or a map, the URL itself, or nothing at all.
    func value(_ expression: RuntimeExpression) -> RuntimeValue? {
        switch expression {
        case .url, .method, .statusCode: nil
        case .request(.body(let pointer)):
            json(operation.requestBody?.contents).flatMap { walk($0, pointer, from: .requestBody) }
        case .request(.header(let name)): parameter(name, .header)
        case .request(.query(let name)): parameter(name, .query)
        case .request(.path(let name)): parameter(name, .path)
        case .response(.body(let pointer)): json(response?.contents).flatMap { walk($0, pointer, from: .responseBody) }
        case .response(.header(let name)):
            response?.headers.first { $0.name.lowercased() == name.lowercased() }.map { header in
                RuntimeValue(source: .header(header.swiftName), type: header.type)
            }
        case .response(.query), .response(.path): nil
        }
    }

    /// The parts of a text in which every expression gives one that can be written as text; nil when one does not.
    func text(_ parts: [RuntimeExpression.Part]) -> [RuntimeText]? {
        var result: [RuntimeText] = []
        for part in parts {
            switch part {
            case .text(let text): result.append(.text(text))
            case .expression(.method): result.append(.text(operation.method))
            case .expression(let expression):
                guard let value = value(expression), types.isScalarText(value.type) else { return nil }
                result.append(.value(value))
            }
        }
        return result
    }

    private func parameter(_ name: String, _ location: ParameterLocation) -> RuntimeValue? {
        let isSame: (String) -> Bool = { location == .header ? $0.lowercased() == name.lowercased() : $0 == name }
        return operation.parameters.first { $0.location == location && isSame($0.name) }.map { parameter in
            RuntimeValue(source: .parameter(parameter.swiftName), type: parameter.type)
        }
    }

    /// The type of a body that is JSON and nothing else.
    private func json(_ contents: [Content]?) -> TypeUse? {
        guard let contents, contents.count == 1 else { return nil }
        switch contents[0].kind {
        case .json(let use), .form(let use, _): return use
        default: return nil
        }
    }

    private func walk(_ use: TypeUse, _ pointer: JSONPointer?, from source: RuntimeValue.Source) -> RuntimeValue? {
        var value = RuntimeValue(source: source, type: use)
        for token in pointer?.tokens ?? [] {
            guard case .named(let name) = types.withoutAliases(value.type).base, case .object(let object)? = types.declarations[name]?.kind,
                let property = object.properties.first(where: { $0.name == token }), property.constant == nil
            else { return nil }
            value.steps.append(RuntimeValue.Step(owner: name, swiftName: property.swiftName))
            value.type = property.type
        }
        return value
    }
}

extension TypeModeler {
    /// A use with the names of aliases followed.
    func withoutAliases(_ use: TypeUse) -> TypeUse {
        var use = use
        var visited: Set<String> = []
        while case .named(let name) = use.base, case .alias(let next)? = declarations[name]?.kind, visited.insert(name).inserted {
            use = next
        }
        return use
    }

    /// Whether a value of the type is written as one text.
    func isScalarText(_ use: TypeUse) -> Bool {
        let use = withoutAliases(use)
        switch use.base {
        case .array, .map, .external, .any, .anyObject: return false
        case .named: return isEnum(use)
        default: return true
        }
    }
}
