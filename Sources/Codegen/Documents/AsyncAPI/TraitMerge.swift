import CodegenModel

/// Applies traits to an object (AsyncAPI 3.0, Traits Merge Mechanism): JSON Merge Patch (RFC 7386) in the order of `traits`, and over all of
/// them the object itself, whose own fields no trait overrides.
struct TraitMerge {
    let context: ReadContext

    /// The object at `target` with its `traits` merged into it; `target` itself when it has none. What is written in one place only keeps
    /// its node, so that a schema stays the one that others refer to.
    func merged(_ target: DocumentNode, traits table: FieldTable) -> DocumentNode {
        guard let list = target["traits"] else { return target }
        guard list.isSequence else {
            context.diagnostics.report(.wrongType, "`traits` must be an array, not \(list.kindDescription)", at: list.position)
            return target
        }
        guard list.elements.count <= Self.mostTraits else {
            context.diagnostics.report(.documentTooLarge, "there are more than \(Self.mostTraits) traits", at: list.position)
            return target
        }
        var result: DocumentNode?
        for element in list.elements {
            guard let trait = context.references.resolve(element)?.node,
                ObjectReader(trait, as: table, diagnostics: context.diagnostics) != nil
            else { continue }
            result = result.map { patched($0, with: trait, depth: 0) } ?? trait
        }
        return result.map { patched($0, with: target, depth: 0) } ?? target
    }

    private static let mostTraits = 64

    /// References are followed to the fields of the object, such as `headers`; below them a reference is a value like any other.
    private func patched(_ base: DocumentNode, with patch: DocumentNode, depth: Int) -> DocumentNode {
        guard base !== patch, let base = object(base, depth), let patch = object(patch, depth) else { return patch }
        var members = base.members
        var index = Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
        var removed: Set<String> = []
        for member in patch.members {
            if member.value.scalar?.isNull == true {
                removed.insert(member.key)
            } else if let place = index[member.key] {
                let value = patched(members[place].value, with: member.value, depth: depth + 1)
                members[place] = member.with(value)
            } else {
                index[member.key] = members.count
                members.append(member)
            }
        }
        if !removed.isEmpty { members.removeAll { removed.contains($0.key) } }
        return patch.implied(.mapping(members))
    }

    private func object(_ node: DocumentNode, _ depth: Int) -> DocumentNode? {
        if depth <= 1 { return context.references.resolve(node).flatMap { $0.node.isMapping ? $0.node : nil } }
        return node.isMapping && node["$ref"] == nil ? node : nil
    }
}
