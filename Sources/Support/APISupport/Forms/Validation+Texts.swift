/// Reading of text values, alike for parameters, header fields and parts.
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

    /// The one value of `values`, read as JSON made of it by `schema`; its violations point into it, such as `query:color/R`.
    mutating func readStructure<T>(
        _ values: [TextValue], as subject: Subject, required: Bool, _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> T? {
        guard let value = single(values, as: subject, required: required) else { return nil }
        return readJSON(value.json(schema), as: subject, read)
    }

    /// A value whose text is JSON.
    mutating func readJSON<T>(
        texts: [String], as subject: Subject, required: Bool, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> T? {
        guard let text = single(texts, as: subject, required: required) else { return nil }
        return readJSON([UInt8](text.utf8), as: subject, read)
    }

    private mutating func single<T>(_ values: [T], as subject: Subject, required: Bool) -> T? {
        if values.count == 1 { return values[0] }
        within(subject) { validation in
            if values.count > 1 {
                validation.report(rule: "duplicate", "is there more than once")
            } else if required {
                validation.report(rule: "required", "is required")
            }
        }
        return nil
    }

    private mutating func readJSON<T>(
        _ bytes: [UInt8], as subject: Subject, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> T? {
        var inner = Validation()
        let place = pointer(of: subject)
        do throws(RequestFailure) {
            let value = try JSONReader.decode(from: bytes, into: &inner, read)
            merge(inner, under: place)
            return value
        } catch {
            within(subject) { $0.report(rule: "contentMediaType", "is not JSON") }
            return nil
        }
    }

    private mutating func pointer(of subject: Subject) -> String {
        var pointer = ""
        within(subject) { pointer = $0.pointer }
        return pointer
    }
}
