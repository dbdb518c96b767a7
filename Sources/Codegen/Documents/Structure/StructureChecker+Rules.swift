import CodegenModel

/// What the tables cannot say: fields that depend on each other's values.
extension StructureChecker {
    func checkRules(of kind: ObjectKind, _ node: DocumentNode) {
        switch kind {
        case .document: checkDocument(node)
        case .paths: checkPaths(node)
        case .responses: checkResponses(node)
        case .server: checkServer(node)
        case .parameter: checkParameter(node)
        case .header: checkHeader(node)
        case .securityScheme: checkSecurityScheme(node)
        case .operation, .pathItem: checkQueryStrings(node)
        default: return
        }
    }

    private func checkDocument(_ node: DocumentNode) {
        let hasContent = ["paths", "components", "webhooks"].contains { node[$0] != nil }
        if !hasContent {
            diagnostics.report(.fieldMissing, "an OpenAPI Object needs `paths`", at: node.position, help: "add `paths:`")
        } else if version == .v3_0, node["paths"] == nil {
            reportVersion("a document without `paths`", first: .v3_1, at: node.position, help: "add `paths: {}`")
        }
        if let own = node["$self"], own.string?.contains("#") == true {
            diagnostics.report(.wrongType, "`$self` must be without a fragment", at: own.position, help: "remove what begins with `#`")
        }
    }

    private func checkPaths(_ node: DocumentNode) {
        for member in node.members where !member.key.hasPrefix("/") && !member.key.hasPrefix("x-") {
            diagnostics.report(.pathTemplate, "a path begins with `/`", at: member.keyPosition, help: "write '/\(member.key)'")
        }
    }

    private func checkResponses(_ node: DocumentNode) {
        var count = 0
        for member in node.members where !member.key.hasPrefix("x-") {
            count += 1
            guard ResponseStatus.parse(member.key) == nil else { continue }
            diagnostics.report(
                .responseStatus, "`\(member.key)` is no status", at: member.keyPosition,
                help: "write a code such as '200', a range such as '4XX', or default"
            )
        }
        if count == 0 {
            diagnostics.report(.listEmpty, "`responses` must not be empty", at: node.position, help: "add a response, such as `default:`")
        }
    }

    // MARK: Servers

    private func checkServer(_ node: DocumentNode) {
        guard let url = node["url"], let text = url.string else { return }
        if version == .v3_2, text.contains("?") || text.contains("#") {
            diagnostics.report(.urlInvalid, "a server's URL has neither query nor fragment", at: url.position)
        }
    }

    // MARK: Parameters

    private static let styles: [String: [String]] = [
        "path": ["matrix", "label", "simple"], "query": ["form", "spaceDelimited", "pipeDelimited", "deepObject"], "header": ["simple"],
    ]

    private func checkParameter(_ node: DocumentNode) {
        let locations = ["path", "query", "header", "cookie"]
        guard let place = node["in"] else { return }
        checkChoice(place, locations + (version == .v3_2 ? ["querystring"] : []), key: "in")
        guard let location = place.string else { return }
        checkSingleContent(node)
        checkParameterName(node, location)
        switch location {
        case "querystring": return checkQueryString(node)
        case "path":
            if node["schema"] != nil, node["required"]?.scalar?.boolean != true {
                diagnostics.report(
                    .pathParameters, "the path parameter `\(node["name"]?.string ?? "")` must be required", at: node.position,
                    help: "add `required: true`"
                )
            }
        default: break
        }
        if let style = node["style"], style.string != nil, locations.contains(location) {
            let styles = Self.styles[location] ?? (version == .v3_2 ? ["form", "cookie"] : ["form"])
            checkChoice(style, styles, key: "style")
        }
        if version > .v3_0 {
            if location != "query" { forbid("allowEmptyValue", in: node, "it is for query parameters") }
            let isEncoded =
                location == "query"
                || version == .v3_2 && (location == "path" || location == "cookie" && node["style"]?.string != "cookie")
            if !isEncoded { forbid("allowReserved", in: node, "the value of a \(location) parameter is not percent-encoded this way") }
        }
        if node["content"] != nil {
            for field in ["style", "explode", "allowReserved"] { forbid(field, in: node, "it is for parameters with a `schema`") }
        }
    }

    private func checkParameterName(_ node: DocumentNode, _ location: String) {
        guard let name = node["name"], let text = name.string else { return }
        if location == "header", !Self.isToken(text) {
            diagnostics.report(.headerName, "`\(text)` is no name of a header", at: name.position)
        } else if location == "path", text.contains(where: { "{}/".contains($0) }) {
            diagnostics.report(.wrongType, "`name` of a path parameter must be without braces and slashes", at: name.position)
        }
    }

    private func checkQueryString(_ node: DocumentNode) {
        for field in ["schema", "style", "explode", "allowReserved", "allowEmptyValue"] {
            forbid(field, in: node, "a `querystring` parameter has `content`")
        }
    }

    private func checkHeader(_ node: DocumentNode) {
        checkSingleContent(node)
        if let style = node["style"], style.string != nil { checkChoice(style, ["simple"], key: "style") }
        if version > .v3_0 {
            forbid("allowReserved", in: node, "a header is not percent-encoded")
            forbid("allowEmptyValue", in: node, "it is for query parameters")
        }
        if node["content"] != nil {
            for field in ["style", "explode"] { forbid(field, in: node, "it is for headers with a `schema`") }
        }
    }

    private func checkSingleContent(_ node: DocumentNode) {
        guard let content = node.member("content"), content.value.isMapping, content.value.members.count != 1 else { return }
        diagnostics.report(
            .contentSingle, "`content` must have one media type here, not \(content.value.members.count)", at: content.keyPosition
        )
    }

    /// OpenAPI 3.2: one `querystring` parameter at most, and none beside `query` ones.
    private func checkQueryStrings(_ node: DocumentNode) {
        guard version == .v3_2, let parameters = node["parameters"]?.elements else { return }
        let places = parameters.compactMap { node in
            node["$ref"]?.string?.contains("://") == true ? nil : context.references.resolve(node)?.node["in"]
        }
        let whole = places.filter { $0.string == "querystring" }
        guard let first = whole.first else { return }
        if whole.count > 1 {
            diagnostics.report(.fieldsExclusive, "there is another `querystring` parameter", at: whole[1].position)
        } else if places.contains(where: { $0.string == "query" }) {
            diagnostics.report(
                .fieldsExclusive, "a `querystring` parameter stands beside `query` ones", at: first.position,
                help: "describe the whole query by one or by the others"
            )
        }
    }

    // MARK: Security

    private static let securityFields: [String: (required: [String], allowed: [String])] = [
        "apiKey": (["name", "in"], []), "http": (["scheme"], ["bearerFormat"]), "mutualTLS": ([], []),
        "oauth2": (["flows"], ["oauth2MetadataUrl"]), "openIdConnect": (["openIdConnectUrl"], []),
    ]

    private func checkSecurityScheme(_ node: DocumentNode) {
        guard let type = node["type"], let text = type.string else { return }
        guard let fields = Self.securityFields[text] else {
            return checkChoice(type, ["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"], key: "type")
        }
        if text == "mutualTLS", version == .v3_0 { reportVersion("`mutualTLS`", first: .v3_1, at: type.position) }
        for field in fields.required where node[field] == nil {
            diagnostics.report(.fieldMissing, "a Security Scheme Object needs `\(field)`", at: node.position, help: "add `\(field):`")
        }
        for field in ["name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl", "oauth2MetadataUrl"]
        where !(fields.required + fields.allowed).contains(field) {
            forbid(field, in: node, "a scheme of type `\(text)` has none")
        }
        if text == "apiKey", let place = node["in"], place.string != nil {
            checkChoice(place, ["query", "header", "cookie"], key: "in")
        }
    }

    // MARK: Findings

    /// A field that exists but not here: an error where the version's schema refuses it, as for ``reportUnknown``.
    private func forbid(_ field: String, in node: DocumentNode, _ reason: String) {
        guard let member = node.member(field) else { return }
        diagnostics.report(
            version == .v3_0 ? .unknownField : .fieldUndefined, "`\(field)` does not belong here: \(reason)", at: member.keyPosition,
            help: "remove it"
        )
    }
}
