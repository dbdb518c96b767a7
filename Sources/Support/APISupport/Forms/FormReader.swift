/// A type that reads itself from a form.
public protocol FormReadable: Sendable {
    /// Returns nil only after a violation was recorded in `form.validation`.
    static func read(from form: inout FormReader) -> Self?
}

/// Reads the fields of one `application/x-www-form-urlencoded` body, and collects what is wrong with them.
///
/// A field with an empty value counts as absent, as RFC 6749 §3.2 says.
public struct FormReader: Sendable {
    public var validation: Validation
    private let fields: [String: [String]]

    /// Throws `malformedBody` when there are too many fields.
    public init(_ bytes: [UInt8]) throws(RequestFailure) {
        guard let pairs = FormURLEncoded.parse(bytes[...]) else {
            throw RequestFailure(.malformedBody, detail: "The form has more than \(FormURLEncoded.maximumPairs) fields.")
        }
        validation = Validation()
        fields = Dictionary(grouping: pairs.filter { !$0.value.isEmpty }, by: \.name).mapValues { $0.map(\.value) }
    }

    /// A field with one value. `check` runs with the place at the field.
    public mutating func value<T: ParameterValue>(
        _ name: StaticString, required: Bool, _ check: ((T, inout Validation) -> Void)? = nil
    ) -> T? {
        validation.readSingle(fields[name.description] ?? [], as: .field(name), required: required, check)
    }

    /// A field that may be repeated; nil when it is absent.
    public mutating func values<T: ParameterValue>(
        _ name: StaticString, required: Bool, _ check: (([T], inout Validation) -> Void)? = nil
    ) -> [T]? {
        validation.readList(fields[name.description], as: .field(name), required: required, check)
    }

    /// A field that can only have one value.
    public mutating func constant(_ name: StaticString, _ value: StaticString, required: Bool) {
        let _: String? = self.value(name, required: required) { text, validation in
            if text != value.description { validation.report(rule: "const", "must be \"\(value)\"") }
        }
    }

    /// All fields but the known ones, by name.
    public mutating func additional<T: ParameterValue>(
        except known: [StaticString], _ check: ((T, inout Validation) -> Void)? = nil
    ) -> [String: T] {
        var result: [String: T] = [:]
        for name in otherNames(than: known) {
            result[name] = validation.readSingle(fields[name] ?? [], as: .additionalField(name), required: false, check)
        }
        return result
    }

    /// Records rule `additionalProperties` for every field but the known ones.
    public mutating func rejectOthers(than known: [StaticString]) {
        for name in otherNames(than: known) {
            validation.within(.additionalField(name)) { $0.report(rule: "additionalProperties", "is not a known field") }
        }
    }

    private func otherNames(than known: [StaticString]) -> [String] {
        let known = Set(known.map(\.description))
        return fields.keys.filter { !known.contains($0) }.sorted()
    }
}

/// Reading of text values, alike for parameters and form fields.
extension Validation {
    /// The one value of `texts`; more than one is a violation, none too when it is required.
    mutating func readSingle<T: ParameterValue>(
        _ texts: [String], as subject: Subject, required: Bool, _ check: ((T, inout Validation) -> Void)?
    ) -> T? {
        var value: T?
        within(subject) { validation in
            guard let text = texts.first else {
                if required { validation.report(rule: "required", "is required") }
                return
            }
            guard texts.count == 1 else { return validation.report(rule: "duplicate", "is there more than once") }
            guard let parsed = T(parameterText: text) else { return validation.reportUnreadable(T.self) }
            check?(parsed, &validation)
            value = parsed
        }
        return value
    }

    /// All values of `texts`; nil when it is nil, or one could not be read.
    mutating func readList<T: ParameterValue>(
        _ texts: [String]?, as subject: Subject, required: Bool, _ check: (([T], inout Validation) -> Void)?
    ) -> [T]? {
        var values: [T]?
        within(subject) { validation in
            guard let texts else {
                if required { validation.report(rule: "required", "is required") }
                return
            }
            let parsed = texts.compactMap { T(parameterText: $0) }
            guard parsed.count == texts.count else { return validation.reportUnreadable(T.self) }
            check?(parsed, &validation)
            values = parsed
        }
        return values
    }
}
