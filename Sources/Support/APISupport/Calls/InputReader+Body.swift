internal import HTTPTypes

/// The body.
extension InputReader {
    /// The index of the declared media type that the body has; nil when there is no body, which is a violation when one is required.
    ///
    /// Throws `unsupportedMediaType` when the body is of another type or says none; `Accept` then lists the declared ones (RFC 9110 §15.5.16).
    public mutating func content(_ mediaTypes: [StaticString], required: Bool) throws(RequestFailure) -> Int? {
        let field = request.head.headerFields.value(of: .contentType) ?? ""
        let isAbsent = request.body.contentLength.map { $0 == 0 } ?? field.isEmpty
        guard !isAbsent else {
            if required { validation.report(rule: "required", "a body is required") }
            return nil
        }
        if let index = MediaType.index(of: field, in: mediaTypes) { return index }
        throw Self.unsupported(mediaTypes.map(MediaType.advertised).joined(separator: ", "))
    }

    /// A JSON body. Throws `malformedBody` and `contentTooLarge`; violations are kept, the result is nil or of no use then.
    public nonisolated(nonsending) mutating func json<T: Sendable>(
        limit: Int, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) async throws -> T? {
        let bytes = try await request.body.collect(upTo: limit)
        return try decode(bytes, read)
    }

    /// The value of JSON text; what is wrong with it is wrong with the request.
    private mutating func decode<T: Sendable>(
        _ json: [UInt8], _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws(RequestFailure) -> T? {
        do {
            return try JSONReader.decode(from: json, into: &validation, read)
        } catch {
            throw error.ofRequest
        }
    }

    /// A form. Throws `malformedBody` and `contentTooLarge`.
    ///
    /// - Parameters:
    ///   - emptyIsAbsent: A field with an empty value counts as absent, as RFC 6749 §3.2 says.
    ///   - encoding: The fields that are not written the default way.
    ///   - schema: Which kinds of JSON value the fields' texts stand for.
    public mutating func form<T: Sendable>(
        limit: Int, emptyIsAbsent: Bool = false, encoding: [FormEncoding] = [], _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) async throws -> T? {
        let bytes = try await request.body.collect(upTo: limit)
        guard let pairs = FormReading.pairs(bytes[...]) else {
            throw RequestFailure(.malformedBody, detail: "The form has more than \(FormURLEncoded.maximumPairs) fields.").ofRequest
        }
        let json = FormReading.json(pairs, schema: schema, encoding: encoding, emptyIsAbsent: emptyIsAbsent)
        return try decode(json, read)
    }

    /// A text in the charset that the media type names: UTF-8, US-ASCII or ISO-8859-1; UTF-8 when it names none. Throws `malformedBody` when
    /// it is not, `unsupportedMediaType` for another charset, and `contentTooLarge`.
    public mutating func text(limit: Int) async throws -> String? {
        let field = request.head.headerFields[.contentType] ?? ""
        guard let charset = Charset(mediaType: field) else { throw Self.unsupported("\(MediaType.essence(field) ?? field); charset=utf-8") }
        guard let text = charset.decode(try await request.body.collect(upTo: limit)) else {
            throw RequestFailure(.malformedBody, detail: "The text is not \(charset.rawValue).").ofRequest
        }
        return text
    }

    /// Any bytes. Throws `contentTooLarge`.
    public mutating func bytes(limit: Int) async throws -> [UInt8]? { try await request.body.collect(upTo: limit) }

    static func unsupported(_ declared: String) -> RequestFailure {
        var failure = RequestFailure(.unsupportedMediaType, detail: "The body must be \(declared).")
        failure.headerFields[.accept] = declared
        return failure.ofRequest
    }
}
