import CodegenModel

/// Reads AsyncAPI's security schemes; unlike OpenAPI's, a requirement is a scheme itself or a reference to one, and the scopes are in the scheme.
struct AsyncAPISecurityReader {
    let context: ReadContext

    func scheme(_ member: DocumentNode.Member) -> AsyncSecuritySchemeObject? {
        guard let reader = context.reader(of: member.value, as: AsyncAPIFields.securityScheme) else { return nil }
        return scheme(reader, name: member.key, position: member.keyPosition)
    }

    /// The alternatives of `security`; a scheme written in place is named by its owner and its type.
    func requirements(_ reader: ObjectReader, owner: String) -> [AsyncSecurityRequirement]? {
        guard reader["security"] != nil else { return nil }
        return reader.elements("security").compactMap { node in
            let reference = node["$ref"]
            let name = reference.flatMap { context.references.target(of: $0)?.pointer.tokens.last }
            guard let reader = context.reader(of: node, as: AsyncAPIFields.securityScheme) else { return nil }
            let fallback = owner + " " + (reader["type"]?.string ?? "scheme")
            guard let scheme = scheme(reader, name: name ?? fallback, position: node.position) else { return nil }
            return AsyncSecurityRequirement(scheme: scheme, position: reference?.position ?? node.position)
        }
    }

    private func scheme(_ reader: ObjectReader, name: String, position: SourcePosition) -> AsyncSecuritySchemeObject? {
        guard let type = reader.requiredString("type") else { return nil }
        guard Self.types.contains(type) else {
            context.diagnostics.report(
                .wrongType, "`\(type)` is no type of security scheme", at: reader["type"]?.position ?? position,
                help: NearName.of(type, among: Self.types).map { "did you mean `\($0)`?" }
            )
            return nil
        }
        let scopes = reader.elements("scopes").compactMap { element in element.string.map { ($0, element.position) } }
        return AsyncSecuritySchemeObject(
            name: name, kind: kind(type, reader), type: type, position: position, description: reader.string("description"),
            declaredScopes: type == "oauth2" ? declaredScopes(reader) : nil, scopes: scopes
        )
    }

    /// AsyncAPI 3.1, Security Scheme Object, `type`.
    private static let types = [
        "userPassword", "apiKey", "X509", "symmetricEncryption", "asymmetricEncryption", "httpApiKey", "http", "oauth2", "openIdConnect",
        "plain", "scramSha256", "scramSha512", "gssapi",
    ]

    /// How the credential travels in the request for a WebSocket; nil for those that belong to a broker's own protocol.
    private func kind(_ type: String, _ reader: ObjectReader) -> SecurityScheme.Kind? {
        switch type {
        case "oauth2", "openIdConnect": return .bearer
        case "userPassword": return .basic
        case "httpApiKey":
            guard let name = reader.requiredString("name"), let place = reader.requiredString("in") else { return nil }
            if let location = ParameterLocation(rawValue: place), location != .path { return .apiKey(location: location, name: name) }
            context.diagnostics.report(
                .wrongType, "`in` must be query, header or cookie, not `\(place)`", at: reader["in"]?.position ?? reader.node.position)
            return nil
        case "http":
            let scheme = reader.requiredString("scheme")
            switch scheme?.lowercased() {
            case "bearer"?: return .bearer
            case "basic"?: return .basic
            default: return scheme.flatMap { HTTPToken.isValid($0) ? .http(scheme: $0) : nil }
            }
        case "X509": return .mutualTLS
        default: return nil
        }
    }

    private func declaredScopes(_ reader: ObjectReader) -> Set<String>? {
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
