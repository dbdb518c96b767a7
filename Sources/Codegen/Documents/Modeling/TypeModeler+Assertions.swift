import CodegenModel

extension TypeModeler {
    /// What the schema itself demands beyond its type; what it refers to has assertions of its own.
    func assertions(of schema: Schema, except expressed: Set<String> = []) -> [Int] {
        var keywords = SchemaKeywords.untyped.subtracting(expressed)
        // What these say of the others depends on which those are.
        if schema.node["patternProperties"] != nil { keywords.insert("additionalProperties") }
        return [assertion(of: schema.node, keywords)].compactMap { $0 }
    }

    /// The assertion of chosen keywords of a schema, such as `["oneOf"]`: what ``TypeDeclaration/assertions`` and ``TypeUse/assertions``
    /// hold; nil when the schema has none of them.
    func assertion(of node: DocumentNode, _ keywords: Set<String>) -> Int? { context.assertions.residual(of: node, keywords) }

    /// What alternatives demand that are no types of their own.
    func assertions(of demands: [SchemaShape.Demand]) -> [Int] {
        demands.compactMap { demand in
            switch demand {
            case .keyword(let keyword, let node): assertion(of: node, [keyword])
            case .anyRequired(let lists, let node): context.assertions.anyRequired(lists, at: node)
            }
        }
    }

    /// The assertion of a whole schema, `$ref` included.
    func assertion(of node: DocumentNode) -> Int { context.assertions.root(at: node, .all, formats: .asserted) }

    /// What a struct demands of which the schema and the parts of its `allOf` are made.
    func assertionsOfParts(of schema: Schema) -> [Int] {
        var found: [Int] = []
        let isClosed = context.merger.isClosedByEvaluation(schema.node)
        var visited: Set<ObjectIdentifier> = []
        var pending = [schema]
        while let part = pending.popLast() {
            guard visited.insert(part.node.id).inserted else { continue }
            found += assertions(of: part, except: isClosed && part.node === schema.node ? ["unevaluatedProperties"] : [])
            if let reference = part.reference, !context.merger.isPlainReference(part), let target = context.references.target(of: reference)
            {
                pending.append(context.schemas.schema(at: target.node))
            }
            pending += part.allOf.reversed().compactMap { node in
                context.references.resolve(node).map { context.schemas.schema(at: $0.node) }
            }
        }
        return found
    }
}

extension TypeDeclaration.Kind {
    var isObject: Bool { if case .object = self { true } else { false } }
}

extension Schema {
    /// What every item is; nil where `prefixItems` says otherwise of the first ones.
    var itemsOfAll: DocumentNode? { node["prefixItems"] == nil ? items : nil }
}
