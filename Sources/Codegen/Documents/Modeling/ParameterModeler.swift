import CodegenModel

/// Makes the model's parameters and headers.
struct ParameterModeler {
    let types: TypeModeler

    /// A parameter whose schema is at `schema`; one that cannot be written as text is reported.
    func parameter(
        _ name: String, in location: ParameterLocation, schema node: DocumentNode?, isRequired: Bool, description: String?, hint: String,
        scope: inout NameScope
    ) -> Parameter {
        let swiftName = scope.claim(Namer.member(name))
        guard let node else {
            return Parameter(
                name: name, swiftName: swiftName, location: location, description: description, isRequired: isRequired,
                type: TypeUse(.string)
            )
        }
        let type = textualUse(of: node, hint: hint + " " + name, what: "a \(location.rawValue) parameter")
        if case .array = type.base, location == .cookie || location == .path {
            types.diagnostics.report(
                .parameterType, "an array in a \(location.rawValue) parameter is not supported", at: node.position,
                help: "use a query parameter"
            )
        }
        let schema = types.context.schemas.schema(at: node)
        return Parameter(
            name: name, swiftName: swiftName, location: location, description: description ?? schema.description, isRequired: isRequired,
            type: type, defaultValue: isRequired ? nil : types.defaultValue(of: schema, type: type)
        )
    }

    func header(_ object: HeaderObject, hint: String, scope: inout NameScope) -> ResponseHeader {
        ResponseHeader(
            name: object.name, swiftName: scope.claim(Namer.member(object.name)), description: object.description,
            isRequired: object.isRequired,
            type: object.schema.map { textualUse(of: $0, hint: hint + " " + object.name, what: "a header") } ?? TypeUse(.string)
        )
    }

    private func textualUse(of node: DocumentNode, hint: String, what: String) -> TypeUse {
        var type = types.use(of: node, hint: hint)
        if !types.isTextual(type) {
            types.diagnostics.report(
                .parameterType, "\(what) must be a scalar, an enum or an array of these", at: node.position,
                help: "put objects into the body"
            )
            return TypeUse(.string)
        }
        if type.isNullable {
            types.diagnostics.report(.parameterType, "\(what) cannot be null", at: node.position, help: "make it optional instead")
            type.isNullable = false
        }
        return type
    }
}
