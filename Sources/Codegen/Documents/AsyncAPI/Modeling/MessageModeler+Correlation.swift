import CodegenModel

extension MessageModeler {
    /// What pairs replies with requests; nil, after a warning, when only their order does.
    func correlation(of requests: [MessageEntry], replies: [MessageEntry], operation: AsyncOperationObject) -> Correlation? {
        let asked = common(requests)
        let answered = common(replies)
        guard let request = asked ?? answered, let reply = answered ?? asked else {
            diagnostics.report(
                .correlationMissing, "the replies carry nothing that says which request they answer: they are taken in order",
                at: operation.reply?.position ?? operation.position, help: "give both messages a `correlationId`"
            )
            return nil
        }
        let kind = requests.first.map { self.kind(at: request.location, of: $0.message) } ?? .string
        return Correlation(request: request.location, reply: reply.location, kind: kind)
    }

    /// The location that the messages have in common.
    private func common(_ entries: [MessageEntry]) -> LocatedLocation? {
        let all = entries.compactMap { entry in entry.message.correlation.map { located(entry, $0) } }
        for other in all.dropFirst() where other.location != all[0].location {
            diagnostics.report(
                .correlationConflict, "another message of the operation has its correlation id at another place", at: other.position)
        }
        return all.first
    }

    /// The location in what travels: in a frame, headers are a member of the envelope.
    private func located(_ entry: MessageEntry, _ found: LocatedLocation) -> LocatedLocation {
        guard let envelope = entry.channel?.envelope else { return found }
        let member = found.location.source == .header ? envelope.headers : envelope.payload
        return LocatedLocation(
            location: MessageLocation(source: .payload, path: [member] + found.location.path), position: found.position)
    }

    private func kind(at location: MessageLocation, of message: MessageObject) -> Correlation.Kind {
        var location = location
        if location.source == .payload, let correlation = message.correlation?.location { location = correlation }
        guard let node = schemas(at: location, of: message).first, let target = context.references.resolve(node)?.node else {
            return .string
        }
        let schema = context.schemas.schema(at: target)
        if schema.types == [.integer] || schema.types == [.number] { return .integer }
        return schema.format == "uuid" ? .uuid : .string
    }

    /// The schemas that the message declares for a location; empty when it declares none.
    func schemas(at location: MessageLocation, of message: MessageObject) -> [DocumentNode] {
        guard let root = location.source == .header ? message.headers : message.payload else { return [] }
        var found = [root]
        for token in location.path {
            var next: [DocumentNode] = []
            var visited: Set<ObjectIdentifier> = []
            for node in found { collect(token, in: node, visited: &visited, into: &next) }
            found = next
        }
        return found
    }

    private func collect(_ token: String, in node: DocumentNode, visited: inout Set<ObjectIdentifier>, into found: inout [DocumentNode]) {
        guard let target = context.references.resolve(node)?.node, visited.count < Self.mostSchemas, visited.insert(target.id).inserted
        else {
            return
        }
        let schema = context.schemas.schema(at: target)
        for property in schema.properties where property.key == token { found.append(property.value) }
        if let additional = schema.additionalProperties, additional.isMapping, schema.properties.allSatisfy({ $0.key != token }) {
            found.append(additional)
        }
        for part in schema.allOf + schema.oneOf + schema.anyOf { collect(token, in: part, visited: &visited, into: &found) }
    }

    private static let mostSchemas = 64
}
