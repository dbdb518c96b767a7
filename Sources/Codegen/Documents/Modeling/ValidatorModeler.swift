import CodegenModel

/// Chooses the schemas that get a validator: a function that checks any JSON text exactly as JSON Schema says.
enum ValidatorModeler {
    static func validators(
        _ components: [[DocumentNode.Member]], _ choice: Configuration.Validators, context: ReadContext
    ) -> [AssertionValidator] {
        var scope = NameScope()
        var known: Set<String> = []
        return components.joined().compactMap { member in
            guard choice.includes(member.key), known.insert(member.key).inserted else { return nil }
            return AssertionValidator(
                name: member.key, swiftName: scope.claim(Namer.member(member.key)),
                schema: context.assertions.root(at: member.value, .all, formats: .annotations)
            )
        }
    }
}

extension Configuration.Validators {
    fileprivate func includes(_ name: String) -> Bool {
        switch self {
        case .none: false
        case .all: true
        case .named(let names): names.contains(name)
        }
    }
}
