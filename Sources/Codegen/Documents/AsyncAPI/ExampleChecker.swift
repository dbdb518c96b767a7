import CodegenModel

/// Compares an example with its schema while documents are read: enough of JSON Schema to find what an author mistyped.
///
/// Keywords that it does not know are taken to hold; a finding is a warning, for the example never becomes code.
final class ExampleChecker {
    private static let deepest = 64
    /// Comparisons for one example: alternatives within alternatives multiply.
    private static let mostSteps = 10_000

    private let context: ReadContext
    private var steps = 0

    init(context: ReadContext) { self.context = context }

    func check(_ value: DocumentNode, against schema: DocumentNode) {
        steps = 0
        guard let finding = finding(value, schema, depth: 0) else { return }
        context.diagnostics.report(.exampleInvalid, "the example \(finding.message)", at: finding.node.position)
    }

    private struct Finding {
        let node: DocumentNode
        let message: String
    }

    /// What is wrong first; nil when nothing is.
    private func finding(_ value: DocumentNode, _ node: DocumentNode, depth: Int) -> Finding? {
        steps += 1
        guard depth < Self.deepest, steps < Self.mostSteps, let target = context.references.resolve(node)?.node, target.isMapping else {
            return nil
        }
        let schema = context.schemas.schema(at: target)
        if let finding = typeFinding(value, schema) ?? valueFinding(value, schema) { return finding }
        for part in schema.allOf {
            if let finding = finding(value, part, depth: depth + 1) { return finding }
        }
        for alternatives in [schema.oneOf, schema.anyOf] where !alternatives.isEmpty {
            let findings = alternatives.map { finding(value, $0, depth: depth + 1) }
            if findings.allSatisfy({ $0 != nil }) {
                return findings.count == 1 ? findings[0] : Finding(node: value, message: "fits none of the alternatives")
            }
        }
        return value.isMapping ? memberFinding(value, schema, depth: depth) : elementFinding(value, schema, depth: depth)
    }

    private func typeFinding(_ value: DocumentNode, _ schema: Schema) -> Finding? {
        if value.scalar?.isNull == true, schema.isNullable { return nil }
        guard let types = schema.types, !types.isEmpty, !types.contains(where: { isOfType(value, $0) }) else { return nil }
        let names = types.map(\.rawValue).joined(separator: " or ")
        return Finding(node: value, message: "must be of type \(names), not \(value.kindDescription)")
    }

    private func isOfType(_ value: DocumentNode, _ type: JSONType) -> Bool {
        switch type {
        case .object: value.isMapping
        case .array: value.isSequence
        case .string: value.string != nil
        case .boolean: value.scalar?.boolean != nil
        case .number: value.scalar?.number != nil
        case .integer: value.scalar?.integer != nil || value.scalar?.number.map { $0 == $0.rounded() } == true
        case .null: value.scalar?.isNull == true
        }
    }

    private func valueFinding(_ value: DocumentNode, _ schema: Schema) -> Finding? {
        guard let scalar = value.scalar, !scalar.isNull else { return nil }
        let constraints = schema.constraints
        if let constant = schema.constant?.scalar, !isEqual(constant, scalar) {
            return Finding(node: value, message: "must be `\(constant.text)`")
        }
        if let values = schema.enumValues, !schema.isExtensible, !values.contains(where: { $0.scalar.map { isEqual($0, scalar) } ?? true })
        {
            return Finding(node: value, message: "is none of the enum's values")
        }
        if let text = scalar.string {
            let count = text.unicodeScalars.count
            if let least = constraints.minLength, count < least { return Finding(node: value, message: "is shorter than \(least)") }
            if let most = constraints.maxLength, count > most { return Finding(node: value, message: "is longer than \(most)") }
        } else if let number = scalar.number {
            if let least = constraints.minimum, number < least { return Finding(node: value, message: "is less than the minimum") }
            if let most = constraints.maximum, number > most { return Finding(node: value, message: "is more than the maximum") }
            if let bound = constraints.exclusiveMinimum, number <= bound {
                return Finding(node: value, message: "is not above the minimum")
            }
            if let bound = constraints.exclusiveMaximum, number >= bound {
                return Finding(node: value, message: "is not below the maximum")
            }
        }
        return nil
    }

    private func isEqual(_ first: Scalar, _ second: Scalar) -> Bool {
        if let number = first.number, let other = second.number { return number == other }
        return first.text == second.text && first.kindDescription == second.kindDescription
    }

    private func memberFinding(_ value: DocumentNode, _ schema: Schema, depth: Int) -> Finding? {
        for entry in schema.required where value[entry.name] == nil {
            return Finding(node: value, message: "lacks the required `\(entry.name)`")
        }
        guard !schema.properties.isEmpty || schema.additionalProperties != nil else { return nil }
        let properties = Dictionary(schema.properties.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        for member in value.members {
            if let property = properties[member.key] {
                if let finding = finding(member.value, property, depth: depth + 1) { return finding }
            } else if let additional = schema.additionalProperties {
                if additional.scalar?.boolean == false { return Finding(node: member.value, message: "has the unknown `\(member.key)`") }
                if let finding = finding(member.value, additional, depth: depth + 1) { return finding }
            }
        }
        return nil
    }

    private func elementFinding(_ value: DocumentNode, _ schema: Schema, depth: Int) -> Finding? {
        guard value.isSequence else { return nil }
        let count = value.elements.count
        if let least = schema.constraints.minItems, count < least { return Finding(node: value, message: "has fewer than \(least) items") }
        if let most = schema.constraints.maxItems, count > most { return Finding(node: value, message: "has more than \(most) items") }
        guard let items = schema.items else { return nil }
        for element in value.elements {
            if let finding = finding(element, items, depth: depth + 1) { return finding }
        }
        return nil
    }
}
