/// The types that `type` names.
public struct AssertedTypes: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let null = AssertedTypes(rawValue: 1)
    public static let boolean = AssertedTypes(rawValue: 2)
    public static let integer = AssertedTypes(rawValue: 4)
    public static let number = AssertedTypes(rawValue: 8)
    public static let string = AssertedTypes(rawValue: 16)
    public static let array = AssertedTypes(rawValue: 32)
    public static let object = AssertedTypes(rawValue: 64)

    fileprivate var phrase: String {
        let names: [(AssertedTypes, String)] = [
            (.null, "null"), (.boolean, "a boolean"), (.integer, "an integer"), (.number, "a number"), (.string, "a string"),
            (.array, "an array"), (.object, "an object"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: " or ")
    }
}

/// A JSON value of a schema, for `const` and `enum`.
public struct AssertionLiteral: Sendable {
    fileprivate let tree: JSONTree?
    fileprivate let text: String

    /// `json` is a JSON text that the generator wrote.
    public init(_ json: StaticString) {
        text = json.description
        tree = Self.tree(text)
    }

    private static func tree(_ text: String) -> JSONTree? {
        do throws(JSONSyntaxError) {
            var json = try JSONReader([UInt8](text.utf8))
            return try JSONTree(&json)
        } catch {
            return nil
        }
    }
}

/// Keywords for any value, numbers and strings (JSON Schema 2020-12 validation §6.1 to §6.3).
extension AssertionRun {
    func kind(_ value: JSONNode) -> JSONKind { tree.nodes[Int(value.index)].kind }

    /// The schema `false`.
    public mutating func never(_ value: JSONNode, _ rule: StaticString) { report(value, rule, "must not be there") }

    public mutating func type(_ value: JSONNode, _ types: AssertedTypes) {
        let found: AssertedTypes =
            switch kind(value) {
            case .null: .null
            case .boolean: .boolean
            case .number: types.contains(.number) || tree.decimal(value.index).isInteger ? [.integer, .number] : .number
            case .string: .string
            case .array: .array
            case .object: .object
            }
        if types.isDisjoint(with: found) { report(value, "type", "must be \(types.phrase)") }
    }

    public mutating func constant(_ value: JSONNode, _ literal: AssertionLiteral) {
        guard let other = literal.tree, tree.isEqual(value.index, to: 0, of: other) else {
            report(value, "const", literal.text.utf8.count <= 80 ? "must be \(literal.text)" : "is not the one value allowed")
            return
        }
    }

    /// `literal` is the array of values.
    public mutating func enumeration(_ value: JSONNode, _ literal: AssertionLiteral) {
        guard let other = literal.tree, other.children(of: 0).contains(where: { tree.isEqual(value.index, to: $0, of: other) }) else {
            report(value, "enum", "is not one of the known values")
            return
        }
    }

    // MARK: Numbers

    public mutating func multipleOf(_ value: JSONNode, _ divisor: JSONDecimal, _ text: StaticString) {
        guard kind(value) == .number, !tree.decimal(value.index).isMultiple(of: divisor) else { return }
        report(value, "multipleOf", "must be a multiple of \(text)")
    }

    public mutating func minimum(_ value: JSONNode, _ limit: JSONDecimal, _ text: StaticString) {
        guard kind(value) == .number, tree.decimal(value.index) < limit else { return }
        report(value, "minimum", "must be at least \(text)")
    }

    public mutating func maximum(_ value: JSONNode, _ limit: JSONDecimal, _ text: StaticString) {
        guard kind(value) == .number, tree.decimal(value.index) > limit else { return }
        report(value, "maximum", "must be at most \(text)")
    }

    public mutating func exclusiveMinimum(_ value: JSONNode, _ limit: JSONDecimal, _ text: StaticString) {
        guard kind(value) == .number, tree.decimal(value.index) <= limit else { return }
        report(value, "exclusiveMinimum", "must be more than \(text)")
    }

    public mutating func exclusiveMaximum(_ value: JSONNode, _ limit: JSONDecimal, _ text: StaticString) {
        guard kind(value) == .number, tree.decimal(value.index) >= limit else { return }
        report(value, "exclusiveMaximum", "must be less than \(text)")
    }

    // MARK: Strings

    /// Lengths count code points (§6.3).
    public mutating func length(_ value: JSONNode, min: Int? = nil, max: Int? = nil) {
        guard kind(value) == .string else { return }
        let count = tree.bytes(value.index).reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        if let min, count < min { report(value, "minLength", "must have at least \(min) characters") }
        if let max, count > max { report(value, "maxLength", "must have at most \(max) characters") }
    }

    public mutating func pattern(_ value: JSONNode, _ pattern: Pattern) {
        guard kind(value) == .string, !matches(tree.string(value.index), pattern) else { return }
        report(value, "pattern", "must match \(pattern.source)")
    }

    public mutating func format(_ value: JSONNode, _ format: StringFormat) {
        guard kind(value) == .string, !format.accepts(tree.string(value.index)) else { return }
        report(value, "format", "is not \(format.phrase)")
    }

    /// Whether a member's name matches.
    public mutating func matches(_ name: JSONKey, _ pattern: Pattern) -> Bool { matches(name.string, pattern) }

    private mutating func matches(_ text: String, _ pattern: Pattern) -> Bool {
        switch patternBudget.match(pattern, text) {
        case .matched: return true
        case .notMatched, .tooCostly: return false
        case .unusable(let fault):
            report(fault)
            return false
        }
    }
}
