import CodegenModel

/// Makes the model's parameters and headers.
struct ParameterModeler {
    let types: TypeModeler

    /// A parameter whose schema is at `schema`; one that cannot be written as text is reported.
    /// - Parameter encoding: nil for what is standard in the location.
    func parameter(
        _ name: String, in location: ParameterLocation, schema node: DocumentNode?, isRequired: Bool, description: String?,
        encoding: ParameterEncoding? = nil, allowsEmptyValue: Bool = false, hint: String, scope: inout NameScope
    ) -> Parameter {
        let swiftName = scope.claim(Namer.member(name))
        var encoding = encoding ?? .standard(location)
        guard let node else {
            return Parameter(
                name: name, swiftName: swiftName, location: location, description: description, isRequired: isRequired,
                type: TypeUse(.string), encoding: encoding
            )
        }
        let use = types.use(of: node, hint: hint + " " + name)
        let type = textualUse(use, &encoding, at: node, what: "the \(location.rawValue) parameter `\(name)`")
        // Null is the absence of the parameter (RFC 6570 §2.3), whose value then cannot be asked for.
        let isRequired = isRequired && (!use.isNullable || location == .path || encoding == .json)
        let schema = types.context.schemas.schema(at: node)
        return Parameter(
            name: name, swiftName: swiftName, location: location, description: description ?? schema.description, isRequired: isRequired,
            type: type, defaultValue: isRequired ? nil : types.defaultValue(of: schema, type: use), encoding: encoding,
            allowsEmptyValue: allowsEmptyValue
        )
    }

    func header(_ object: HeaderObject, hint: String, scope: inout NameScope) -> ResponseHeader {
        let swiftName = scope.claim(Namer.member(object.name))
        var encoding = object.encoding
        guard let schema = object.schema else {
            return ResponseHeader(
                name: object.name, swiftName: swiftName, description: object.description, isRequired: object.isRequired,
                type: TypeUse(encoding == .json ? .any : .string), encoding: encoding)
        }
        let use = types.use(of: schema, hint: hint + " " + object.name)
        let type = textualUse(use, &encoding, at: schema, what: "the header `\(object.name)`")
        return ResponseHeader(
            name: object.name, swiftName: swiftName, description: object.description, isRequired: object.isRequired && !use.isNullable,
            type: type, encoding: encoding
        )
    }

    private func textualUse(_ use: TypeUse, _ encoding: inout ParameterEncoding, at node: DocumentNode, what: String) -> TypeUse {
        var type = use
        type.isNullable = false
        guard case .style(let style, let explode, let allowReserved) = encoding else { return type }
        let shape = TextShape.of(type, in: types)
        if style == .deepObject, !shape.isObject {
            types.diagnostics.report(
                .encodingIgnored, "the style `deepObject` is for objects; \(what) is written in the style `form`", at: node.position,
                help: "remove `style`"
            )
            encoding = .style(.form, explode: explode, allowReserved: allowReserved)
            return textualUse(use, &encoding, at: node, what: what)
        }
        guard let problem = shape.problem(in: style, explode: explode) else { return type }
        types.diagnostics.report(
            .parameterType, "\(what) cannot be written as text: \(problem)", at: node.position,
            help: "use `content` with application/json in place of `schema`"
        )
        return TypeUse(.string)
    }
}
