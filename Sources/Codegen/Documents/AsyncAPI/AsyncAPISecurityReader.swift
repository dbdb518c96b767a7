import CodegenModel

/// Reads AsyncAPI's security schemes; unlike OpenAPI's, a requirement is a scheme itself or a reference to one, and the scopes are in the scheme.
struct AsyncAPISecurityReader {
    let context: ReadContext

    func scheme(_ member: DocumentNode.Member) -> SecuritySchemeObject? {
        guard let reader = context.reader(of: member.value, as: AsyncAPIFields.securityScheme) else { return nil }
        return scheme(reader, name: member.key)
    }

    /// One alternative of `security`.
    func requirement(_ node: DocumentNode) -> SecurityRequirementObject? {
        guard let reference = node["$ref"], let target = context.references.target(of: reference), let name = target.pointer.tokens.last
        else {
            if node["$ref"] == nil {
                context.diagnostics.report(
                    .unsupported, "a security scheme written in place is not supported", at: node.position,
                    help: "put it under components/securitySchemes and refer to it"
                )
            }
            return nil
        }
        guard let reader = context.reader(of: target.node, as: AsyncAPIFields.securityScheme) else { return nil }
        let scopes = reader.elements("scopes").compactMap { element in element.string.map { ($0, element.position) } }
        return SecurityRequirementObject(
            position: node.position,
            schemes: [SecurityRequirementObject.Scheme(name: name, position: reference.position, scopes: scopes)]
        )
    }

    private func scheme(_ reader: ObjectReader, name: String) -> SecuritySchemeObject? {
        guard let type = reader.requiredString("type"), let typePosition = reader["type"]?.position,
            let kind = kind(type, reader, at: typePosition)
        else { return nil }
        return SecuritySchemeObject(
            name: name, kind: kind, description: reader.string("description"), declaredScopes: type == "oauth2" ? scopes(reader) : nil
        )
    }

    private func kind(_ type: String, _ reader: ObjectReader, at position: SourcePosition) -> SecurityScheme.Kind? {
        switch type {
        case "oauth2", "openIdConnect": return .bearer
        case "httpApiKey":
            guard let name = reader.requiredString("name"),
                let location = reader.requiredString("in").flatMap(ParameterLocation.init(rawValue:)),
                location != .path
            else { return nil }
            return .apiKey(location: location, name: name)
        case "http":
            switch reader.requiredString("scheme")?.lowercased() {
            case "bearer"?: return .bearer
            case "basic"?: return .basic
            case let scheme?:
                context.diagnostics.report(
                    .unsupported, "the HTTP authentication scheme `\(scheme)` is not supported", at: reader["scheme"]?.position ?? position,
                    help: "use `bearer` or `basic`"
                )
                return nil
            case nil: return nil
            }
        default:
            context.diagnostics.report(
                .unsupported, "the security scheme type `\(type)` is not supported", at: position,
                help: "use http, httpApiKey, oauth2 or openIdConnect"
            )
            return nil
        }
    }

    private func scopes(_ reader: ObjectReader) -> Set<String>? {
        guard let flows = reader.required("flows").flatMap({ context.reader(at: $0, as: AsyncAPIFields.flows) }) else { return nil }
        return flows.node.members.reduce(into: []) { scopes, member in
            guard AsyncAPIFields.flows.read.contains(member.key), let flow = context.reader(at: member.value, as: AsyncAPIFields.flow)
            else {
                return
            }
            scopes.formUnion(flow.members("availableScopes").map(\.key))
        }
    }
}
