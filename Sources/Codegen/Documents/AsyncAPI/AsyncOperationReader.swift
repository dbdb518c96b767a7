import CodegenModel

/// Reads Operation Objects, their traits applied.
struct AsyncOperationReader {
    let context: ReadContext

    private var diagnostics: DiagnosticCollector { context.diagnostics }

    func operation(_ member: DocumentNode.Member) -> AsyncOperationObject? {
        diagnostics.begin(.operation(member.key))
        defer { diagnostics.end() }
        guard let target = context.references.resolve(member.value) else { return nil }
        let node = TraitMerge(context: context).merged(target.node, traits: AsyncAPIFields.operationTrait)
        guard let reader = ObjectReader(node, as: AsyncAPIFields.operation, diagnostics: diagnostics) else { return nil }
        _ = reader["bindings"].flatMap { context.reader(of: $0, as: AsyncAPIFields.bindings) }
        guard let text = reader.requiredString("action"),
            let channel = reader.required("channel").flatMap({ context.references.resolve($0) })
        else { return nil }
        guard let action = AsyncOperationObject.Action(rawValue: text) else {
            diagnostics.report(
                .wrongType, "`action` must be send or receive, not `\(text)`", at: reader["action"]?.position ?? member.keyPosition)
            return nil
        }
        return AsyncOperationObject(
            id: member.key, position: member.keyPosition, action: action, summary: reader.string("summary") ?? reader.string("title"),
            description: reader.string("description"), channel: channel.node,
            messages: reader["messages"] == nil ? nil : reader.elements("messages"), reply: reader["reply"].flatMap(reply),
            security: AsyncAPISecurityReader(context: context).requirements(reader, owner: member.key)
        )
    }

    func reply(_ node: DocumentNode) -> ReplyObject? {
        guard let reader = context.reader(of: node, as: AsyncAPIFields.reply) else { return nil }
        let channel = reader["channel"].flatMap { context.references.resolve($0) }
        return ReplyObject(
            position: node.position, channel: channel?.node, messages: reader["messages"] == nil ? nil : reader.elements("messages"),
            address: reader["address"].flatMap(address)
        )
    }

    func address(_ node: DocumentNode) -> LocatedLocation? {
        guard let reader = context.reader(of: node, as: AsyncAPIFields.replyAddress), let location = reader.required("location") else {
            return nil
        }
        return MessageExpression(context: context).location(location)
    }
}
