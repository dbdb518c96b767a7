import CodegenModel

extension TypeModeler {
    /// The enum of a string schema's values.
    func stringEnum(_ values: [DocumentNode], isOpen: Bool, schema: Schema) -> StringEnum {
        var scope = NameScope(reserved: isOpen ? ["unknown", "rawValue"] : ["rawValue", "allCases"])
        var cases: [StringEnum.Case] = []
        var seen: Set<String> = []
        let key = componentKeys[schema.node.id]
        // A list of names beside the values, which several generators know.
        let written = schema.node["x-enum-varnames"]?.elements.map(\.string) ?? []
        for (index, node) in values.enumerated() {
            if node.scalar?.isNull == true, schema.isNullable || schema.types == nil { continue }
            guard let value = node.string else {
                let help = node.scalar.map { "quote it: '\($0.text)'" }
                diagnostics.report(.enumInvalid, "a value of a string enum is \(node.kindDescription)", at: node.position, help: help)
                continue
            }
            guard seen.insert(value).inserted else {
                diagnostics.report(.enumInvalid, "the value `\(value)` occurs twice", at: node.position, help: "remove it")
                continue
            }
            let chosen = context.chosenName(key.map { "\($0).\(value)" }, nil).map(Namer.escaped)
            let name = chosen ?? Namer.member((written.indices.contains(index) ? written[index] : nil) ?? value)
            cases.append(StringEnum.Case(rawValue: value, swiftName: scope.claim(name)))
        }
        if cases.isEmpty { diagnostics.report(.enumInvalid, "the enum has no value", at: schema.position) }
        return StringEnum(cases: cases, isOpen: isOpen)
    }
}
