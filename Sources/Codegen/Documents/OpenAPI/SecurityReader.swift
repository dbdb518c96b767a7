import CodegenModel

/// Reads OpenAPI's security schemes and requirements.
struct SecurityReader {
    let context: ReadContext

    func scheme(_ member: DocumentNode.Member) -> SecuritySchemeObject? {
        // A scheme that another host describes matters where an operation asks for it, which says that it is not there.
        if member.value["$ref"]?.string?.contains("://") == true { return nil }
        guard let reader = context.reader(of: member.value, as: OpenAPIFields.securityScheme), let type = reader.requiredString("type")
        else {
            return nil
        }
        guard let kind = kind(type, reader) else { return nil }
        return SecuritySchemeObject(
            name: member.key, kind: kind, description: reader.string("description"),
            declaredScopes: type == "oauth2" ? scopes(reader) : nil
        )
    }

    func requirement(_ node: DocumentNode) -> SecurityRequirementObject {
        if !node.isMapping {
            context.diagnostics.report(
                .wrongType, "a security requirement must be an object, not \(node.kindDescription)", at: node.position)
        }
        let schemes = node.members.map { member in
            SecurityRequirementObject.Scheme(
                name: member.key, position: member.keyPosition,
                scopes: member.value.elements.compactMap { element in element.string.map { ($0, element.position) } }
            )
        }
        return SecurityRequirementObject(position: node.position, schemes: schemes)
    }

    private func kind(_ type: String, _ reader: ObjectReader) -> SecurityScheme.Kind? {
        let typePosition = reader["type"]?.position ?? reader.node.position
        switch type {
        case "oauth2", "openIdConnect": return .bearer
        case "apiKey":
            guard let name = reader.requiredString("name"), let place = reader.requiredString("in") else { return nil }
            guard let location = ParameterLocation(rawValue: place), ![.path, .querystring].contains(location) else {
                context.diagnostics.report(
                    .wrongType, "`in` must be query, header or cookie, not `\(place)`", at: reader["in"]?.position ?? typePosition
                )
                return nil
            }
            return .apiKey(location: location, name: name)
        case "http":
            guard let scheme = reader.requiredString("scheme") else { return nil }
            switch scheme.lowercased() {
            case "bearer": return .bearer
            case "basic": return .basic
            case _ where HTTPToken.isValid(scheme): return .http(scheme: scheme)
            default:
                context.diagnostics.report(
                    .wrongType, "`\(scheme)` is no HTTP authentication scheme", at: reader["scheme"]?.position ?? typePosition,
                    help: "use a registered name such as `bearer`, `basic` or `digest`"
                )
                return nil
            }
        case "mutualTLS": return .mutualTLS
        default:
            context.diagnostics.report(
                .wrongType, "`\(type)` is no type of a security scheme", at: typePosition,
                help: "use http, apiKey, oauth2, openIdConnect or mutualTLS"
            )
            return nil
        }
    }

    private func scopes(_ reader: ObjectReader) -> Set<String>? {
        guard let flows = reader.required("flows").flatMap({ context.reader(at: $0, as: OpenAPIFields.flows) }) else { return nil }
        var scopes: Set<String> = []
        for member in flows.node.members where OpenAPIFields.flows.read.contains(member.key) {
            guard let flow = context.reader(at: member.value, as: OpenAPIFields.flow) else { continue }
            scopes.formUnion(flow.members("scopes").map(\.key))
        }
        return scopes
    }
}
