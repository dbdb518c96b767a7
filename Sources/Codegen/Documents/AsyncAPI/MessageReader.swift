import CodegenModel

/// Reads Message Objects, their traits applied.
struct MessageReader {
    let context: ReadContext
    let defaultContentType: String

    private var diagnostics: DiagnosticCollector { context.diagnostics }

    func message(_ member: DocumentNode.Member) -> MessageObject? {
        guard let target = context.references.resolve(member.value) else { return nil }
        let node = TraitMerge(context: context).merged(target.node, traits: AsyncAPIFields.messageTrait)
        guard let reader = ObjectReader(node, as: AsyncAPIFields.message, diagnostics: diagnostics) else { return nil }
        let contentType = reader.string("contentType") ?? defaultContentType
        let encoding = Message.Encoding(contentType: contentType)
        _ = reader["bindings"].flatMap { context.reader(of: $0, as: AsyncAPIFields.bindings) }
        let schemas = MultiFormatSchema(context: context)
        return MessageObject(
            key: member.key, name: reader.string("name"), entry: member.value, node: target.node, position: member.keyPosition,
            componentName: member.value["$ref"] == nil ? nil : target.pointer.tokens.last,
            description: reader.string("description") ?? reader.string("summary") ?? reader.string("title"),
            contentType: contentType, contentTypePosition: reader["contentType"]?.position ?? member.keyPosition, encoding: encoding,
            isDeprecated: reader.boolean("deprecated") ?? false,
            payload: reader["payload"].flatMap { encoding == .json ? schemas.schema($0) : raw($0, encoding) },
            headers: reader["headers"].flatMap(schemas.schema),
            correlation: reader["correlationId"].flatMap(correlation), examples: reader.elements("examples")
        )
    }

    func correlation(_ node: DocumentNode) -> LocatedLocation? {
        guard let reader = context.reader(of: node, as: AsyncAPIFields.correlationID), let location = reader.required("location") else {
            return nil
        }
        return MessageExpression(context: context).location(location)
    }

    /// The payload of what is no JSON: its text, or its bytes, whatever the schema says of them.
    private func raw(_ node: DocumentNode, _ encoding: Message.Encoding) -> DocumentNode? {
        guard let target = context.references.resolve(node)?.node else { return nil }
        let isForeign = target["schemaFormat"] != nil
        let type = isForeign ? nil : context.schemas.schema(at: target).types?.first
        if isForeign || type.map({ $0 != .string }) ?? false {
            diagnostics.report(
                .encodingIgnored, "the schema of this payload is not used: the payload is its \(encoding == .text ? "text" : "bytes")",
                at: node.position, help: "use application/json where there is a choice"
            )
        }
        return nil
    }
}

extension Message.Encoding {
    init(contentType: String) {
        let essence = contentType.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        if MediaTypeObject.isJSON(essence) {
            self = .json
        } else {
            self = essence.hasPrefix("text/") || essence.hasSuffix("/xml") || essence.hasSuffix("+xml") ? .text : .bytes
        }
    }
}

/// Reads runtime expressions (AsyncAPI 3.0, Runtime Expression).
struct MessageExpression {
    let context: ReadContext

    func location(_ node: DocumentNode) -> LocatedLocation? {
        guard let text = node.string else {
            context.diagnostics.report(.wrongType, "`location` must be a string, not \(node.kindDescription)", at: node.position)
            return nil
        }
        for source in [MessageLocation.Source.header, .payload] {
            let prefix = "$message.\(source.rawValue)#"
            guard text.hasPrefix(prefix), let pointer = JSONPointer(fragment: String(text.dropFirst(prefix.count))) else { continue }
            guard !pointer.tokens.isEmpty || source == .payload else { continue }
            return LocatedLocation(location: MessageLocation(source: source, path: pointer.tokens), position: node.position)
        }
        context.diagnostics.report(
            .messageLocation, "`\(text)` is no runtime expression", at: node.position,
            help: "write '$message.header#/name' or '$message.payload#/path/to/member'"
        )
        return nil
    }
}
