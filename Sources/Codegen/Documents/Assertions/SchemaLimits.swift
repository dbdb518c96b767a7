import CodegenModel

/// Reads the keywords of one schema that hold no schemas (JSON Schema 2020-12 validation, section 6).
struct SchemaLimits {
    let object: ObjectReader
    let diagnostics: DiagnosticCollector
    /// Whether a keyword is to be read.
    let isRead: (String) -> Bool
    private var found: [Assertion] = []

    init(object: ObjectReader, diagnostics: DiagnosticCollector, isRead: @escaping (String) -> Bool) {
        self.object = object
        self.diagnostics = diagnostics
        self.isRead = isRead
    }

    mutating func read() -> [Assertion] {
        found = []
        readValues()
        readNumbers()
        readStrings()
        add("minItems", object.count, Assertion.minItems)
        add("maxItems", object.count, Assertion.maxItems)
        if isRead("uniqueItems"), object.boolean("uniqueItems") == true { found.append(.uniqueItems) }
        add("minProperties", object.count, Assertion.minProperties)
        add("maxProperties", object.count, Assertion.maxProperties)
        add("required", names, Assertion.required)
        if isRead("dependentRequired") {
            let dependencies = object.members("dependentRequired").map { member in
                Assertion.Dependency(member: member.key, value: member.value.elements.compactMap(\.string))
            }
            if !dependencies.isEmpty { found.append(.dependentRequired(dependencies)) }
        }
        return found
    }

    /// `format`, which is asserted in some vocabularies only.
    func format() -> [Assertion] {
        guard isRead("format"), let format = object.string("format"), SchemaFormats.asserted.contains(format) else { return [] }
        return [.format(format)]
    }

    private mutating func add<Value>(_ keyword: String, _ read: (String) -> Value?, _ make: (Value) -> Assertion) {
        guard isRead(keyword), object[keyword] != nil, let value = read(keyword) else { return }
        found.append(make(value))
    }

    private func names(_ keyword: String) -> [String]? {
        let names = object.strings(keyword)
        return names.isEmpty ? nil : names
    }

    private mutating func readValues() {
        if isRead("type"), let node = object["type"] {
            var types: [Assertion.AssertedType] = []
            for element in node.isSequence ? node.elements : [node] {
                guard let type = element.string.flatMap(Assertion.AssertedType.init(rawValue:)) else { continue }
                if !types.contains(type) { types.append(type) }
            }
            if object.boolean("nullable") == true, !types.contains(.null) { types.append(.null) }
            if !types.isEmpty { found.append(.types(types)) }
        }
        if isRead("const"), let constant = object["const"] { found.append(.constant(constant.json)) }
        if isRead("enum"), object["enum"] != nil { found.append(.enumeration(object.elements("enum").map(\.json))) }
    }

    private mutating func readNumbers() {
        add("multipleOf", divisor, Assertion.multipleOf)
        readBound("minimum", "exclusiveMinimum", Assertion.minimum, Assertion.exclusiveMinimum)
        readBound("maximum", "exclusiveMaximum", Assertion.maximum, Assertion.exclusiveMaximum)
    }

    /// In OpenAPI 3.0 the exclusive bound is a flag beside the other one.
    private mutating func readBound(
        _ inclusive: String, _ exclusive: String, _ bound: (String) -> Assertion, _ exclusiveBound: (String) -> Assertion
    ) {
        if let flag = object[exclusive]?.scalar?.boolean {
            add(inclusive, decimal, flag ? exclusiveBound : bound)
        } else {
            add(inclusive, decimal, bound)
            add(exclusive, decimal, exclusiveBound)
        }
    }

    /// More than 0 (section 6.2.1), and of digits that generated code divides by exactly.
    private func divisor(_ keyword: String) -> String? {
        guard let decimal = decimal(keyword), let node = object[keyword] else { return nil }
        let digits = decimal.prefix { $0 != "e" && $0 != "E" }.filter(\.isNumber).drop { $0 == "0" }
        if digits.isEmpty || decimal.hasPrefix("-") {
            diagnostics.report(.wrongType, "`\(keyword)` must be more than 0", at: node.position)
            return nil
        }
        if digits.count > 18 {
            diagnostics.report(
                .unsupported, "`\(keyword)` of more than 18 digits is not supported", at: node.position, help: "write it with fewer digits")
            return nil
        }
        return decimal
    }

    private func decimal(_ keyword: String) -> String? {
        guard object.number(keyword) != nil else { return nil }
        return object[keyword]?.scalar?.decimal
    }

    private mutating func readStrings() {
        add("minLength", object.count, Assertion.minLength)
        add("maxLength", object.count, Assertion.maxLength)
        add("pattern", object.string, Assertion.pattern)
        if isRead("pattern"), let pattern = object["pattern"], let text = pattern.string {
            PatternValid.check(text, at: pattern.position, diagnostics)
        }
    }
}
