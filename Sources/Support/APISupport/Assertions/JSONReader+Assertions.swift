extension JSONReader {
    /// Checks the value that is next against a schema, without moving: it is scanned, and violations are recorded where they are.
    public mutating func assert(_ schema: AssertionRun.Assertion) throws(JSONSyntaxError) {
        let start = (position, depth, isAtStart)
        let length = validation.pathLength
        let tree = try JSONTree(&self)
        (position, depth, isAtStart) = start
        validation.truncatePath(to: length)
        var run = AssertionRun(tree, limit: limits.violations)
        schema(AssertionRun.root, &run)
        validation.merge(run)
    }
}

extension Validation {
    /// Checks a value that was no JSON text, such as a parameter, by the text it would have.
    public mutating func assert(_ value: some JSONWritable, _ schema: AssertionRun.Assertion) {
        do throws(JSONSyntaxError) {
            var json = try JSONReader(JSONWriter.encode(value))
            var run = AssertionRun(try JSONTree(&json), limit: 100)
            schema(AssertionRun.root, &run)
            merge(run)
        } catch {
            report(rule: "type", "has no JSON form")
        }
    }

    mutating func merge(_ run: AssertionRun) {
        if let fault = run.fault { report(fault) }
        guard !run.findings.isEmpty else { return }
        let place = pointer
        for finding in run.findings {
            report(Violation(pointer: place + run.pointer(finding), rule: finding.rule, message: finding.message))
        }
        noteAssertions()
    }
}

extension AssertionRun {
    /// What a JSON text violates of a schema; nothing when it is valid. Throws ``RequestFailure`` with code `malformedBody` when it is no JSON.
    public static func violations(in bytes: [UInt8], _ schema: Assertion) throws(RequestFailure) -> [Violation] {
        var validation = Validation()
        _ = try JSONReader.decode(from: bytes, into: &validation) { (json: inout JSONReader) throws(JSONSyntaxError) -> Bool? in
            try json.assert(schema)
            try json.skipValue()
            return true
        }
        if validation.fault != nil { throw RequestFailure(validation) }
        return validation.violations
    }
}
