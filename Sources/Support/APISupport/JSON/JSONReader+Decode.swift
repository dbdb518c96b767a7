extension JSONReader {
    /// The value that `bytes` hold, all of them.
    ///
    /// Throws ``RequestFailure`` with code `malformedBody` when they are not JSON, and `invalid` with every violation when they are not
    /// what the type's schema asks for.
    public static func decode<T: JSONReadable>(
        _ type: T.Type, from bytes: [UInt8], limits: Limits = Limits()
    ) throws(RequestFailure) -> T {
        var validation = Validation()
        let value = try decode(from: bytes, limits: limits, into: &validation) { (json: inout JSONReader) throws(JSONSyntaxError) -> T? in
            try T.read(from: &json)
        }
        guard let value, validation.isSatisfied else { throw RequestFailure(validation) }
        return value
    }

    /// Reads with `read` and adds the violations to `validation`; nil, or a value that must not be used, when there are any.
    static func decode<T>(
        from bytes: [UInt8], limits: Limits = Limits(), into validation: inout Validation,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws(RequestFailure) -> T? {
        do throws(JSONSyntaxError) {
            var json = try JSONReader(bytes, limits: limits)
            let value = try read(&json)
            try json.finish()
            validation.merge(json.validation)
            return value
        } catch {
            throw RequestFailure(.malformedBody, detail: "The text is not JSON: \(error).", cause: error)
        }
    }
}
