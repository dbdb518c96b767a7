import APISupport

/// One argument of a tool: the same declaration makes the JSON Schema for the model and checks what the model sends.
struct ToolParameter: Sendable {
    /// What values it takes, with bounds.
    enum Kind: Sendable {
        /// Lengths in Unicode scalars, as JSON Schema counts them.
        case string(minLength: Int = 0, maxLength: Int)
        case oneOf([String])
        case integer(minimum: Int64, maximum: Int64)
        case boolean
        case strings(minItems: Int, maxItems: Int, maxLength: Int)
    }

    let name: String
    let kind: Kind
    let isRequired: Bool
    /// For the model.
    let description: String
    /// What the client takes when it is absent.
    let defaultValue: JSONValue?

    init(_ name: String, _ kind: Kind, required: Bool = false, default defaultValue: JSONValue? = nil, _ description: String) {
        self.name = name
        self.kind = kind
        isRequired = required
        self.defaultValue = defaultValue
        self.description = description
    }

    /// The member's JSON Schema (draft 2020-12).
    var schema: JSONObject {
        var schema: JSONObject
        switch kind {
        case .string(let minLength, let maxLength):
            schema = ["type": .string("string"), "maxLength": .integer(Int64(maxLength))]
            if minLength > 0 { schema["minLength"] = .integer(Int64(minLength)) }
        case .oneOf(let values):
            schema = ["type": .string("string"), "enum": .array(values.map { .string($0) })]
        case .integer(let minimum, let maximum):
            schema = ["type": .string("integer"), "minimum": .integer(minimum), "maximum": .integer(maximum)]
        case .boolean:
            schema = ["type": .string("boolean")]
        case .strings(let minItems, let maxItems, let maxLength):
            schema = [
                "type": .string("array"), "minItems": .integer(Int64(minItems)), "maxItems": .integer(Int64(maxItems)),
                "items": .object(["type": .string("string"), "maxLength": .integer(Int64(maxLength))]),
            ]
        }
        schema["description"] = .string(description)
        if let defaultValue { schema["default"] = defaultValue }
        return schema
    }

    /// What is wrong with a value; nil when it fits.
    func violation(of value: JSONValue, at pointer: String) -> Violation? {
        switch (kind, value) {
        case (.string(let minLength, let maxLength), .string(let text)):
            let length = text.unicodeScalars.count
            if length < minLength {
                return Violation(pointer: pointer, rule: "minLength", message: "must have at least \(minLength) characters")
            }
            if length > maxLength {
                return Violation(pointer: pointer, rule: "maxLength", message: "must have at most \(maxLength) characters")
            }
            return nil
        case (.oneOf(let values), .string(let text)):
            if values.contains(text) { return nil }
            return Violation(pointer: pointer, rule: "enum", message: "must be one of \(values.joined(separator: ", "))")
        case (.integer(let minimum, let maximum), .integer(let number)):
            if number < minimum { return Violation(pointer: pointer, rule: "minimum", message: "must be at least \(minimum)") }
            if number > maximum { return Violation(pointer: pointer, rule: "maximum", message: "must be at most \(maximum)") }
            return nil
        case (.boolean, .boolean):
            return nil
        case (.strings(let minItems, let maxItems, let maxLength), .array(let items)):
            return violation(of: items, minItems: minItems, maxItems: maxItems, maxLength: maxLength, at: pointer)
        default:
            return Violation(pointer: pointer, rule: "type", message: "must be \(typeName)")
        }
    }

    private func violation(of items: [JSONValue], minItems: Int, maxItems: Int, maxLength: Int, at pointer: String) -> Violation? {
        if items.count < minItems { return Violation(pointer: pointer, rule: "minItems", message: "must have at least \(minItems) items") }
        if items.count > maxItems { return Violation(pointer: pointer, rule: "maxItems", message: "must have at most \(maxItems) items") }
        for (index, item) in items.enumerated() {
            guard case .string(let text) = item else {
                return Violation(pointer: "\(pointer)/\(index)", rule: "type", message: "must be a string")
            }
            if text.unicodeScalars.count > maxLength {
                return Violation(pointer: "\(pointer)/\(index)", rule: "maxLength", message: "must have at most \(maxLength) characters")
            }
        }
        return nil
    }

    private var typeName: String {
        switch kind {
        case .string, .oneOf: "a string"
        case .integer: "an integer"
        case .boolean: "a boolean"
        case .strings: "an array of strings"
        }
    }
}
