internal import HTTPTypes

/// Reads the input of one operation from a request: parameters, then the body. All violations of both end up in one ``failure``.
public struct InputReader: Sendable {
    private let request: ServerRequest
    private var validation = Validation()
    private let query: [String: [String]]

    public init(_ request: ServerRequest) {
        self.request = request
        let pairs = request.query.map { FormURLEncoded.parse(ArraySlice([UInt8]($0.utf8))) } ?? []
        if pairs == nil {
            validation.report(rule: "maxProperties", "The query has more than \(FormURLEncoded.maximumPairs) parameters.")
        }
        query = Dictionary(grouping: pairs ?? [], by: \.name).mapValues { $0.map(\.value) }
    }

    /// No violation so far.
    public var isValid: Bool { validation.isSatisfied }

    /// `invalid` with all violations so far.
    public var failure: RequestFailure { RequestFailure(validation) }

    // MARK: Parameters

    /// A parameter with one value. `check` runs with the place at the parameter.
    public mutating func parameter<T: ParameterValue>(
        _ name: StaticString, in location: ParameterLocation, required: Bool, _ check: ((T, inout Validation) -> Void)? = nil
    ) -> T? {
        validation.readSingle(
            ServerCall.parameterTexts(name.description, in: location, of: request, query: query), as: .parameter(location, name),
            required: required, check)
    }

    /// A parameter with a list of values: repeated in a query, comma-separated elsewhere. nil when it is absent.
    public mutating func parameters<T: ParameterValue>(
        _ name: StaticString, in location: ParameterLocation, required: Bool, _ check: (([T], inout Validation) -> Void)? = nil
    ) -> [T]? {
        var texts = ServerCall.parameterTexts(name.description, in: location, of: request, query: query)
        if location != .query { texts = texts.flatMap(ServerCall.listElements) }
        return validation.readList(texts.isEmpty ? nil : texts, as: .parameter(location, name), required: required, check)
    }

    // MARK: Body

    /// The index of the declared media type that the body has; nil when there is no body, which is a violation when one is required.
    ///
    /// Throws `unsupportedMediaType` when the body is of another type or says none; `Accept` then lists the declared ones (RFC 9110 §15.5.16).
    public mutating func content(_ mediaTypes: [StaticString], required: Bool) throws(RequestFailure) -> Int? {
        let field = request.head.headerFields[.contentType]
        let isAbsent = request.body.contentLength.map { $0 == 0 } ?? (field == nil)
        guard !isAbsent else {
            if required { validation.report(rule: "required", "a body is required") }
            return nil
        }
        if let field, let essence = MediaType.essence(field), let index = MediaType.index(of: essence, in: mediaTypes) { return index }
        let declared = mediaTypes.map(\.description).joined(separator: ", ")
        var failure = RequestFailure(.unsupportedMediaType, detail: "The body must be \(declared).")
        failure.headerFields[.accept] = declared
        throw failure
    }

    /// A JSON body. Throws `malformedBody` and `contentTooLarge`; violations are kept, the result is nil or of no use then.
    public mutating func json<T: Sendable>(
        limit: Int, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) async throws -> T? {
        let bytes = try await request.body.collect(upTo: limit)
        return try JSONReader.decode(from: bytes, into: &validation, read)
    }

    /// A form. Throws `malformedBody` and `contentTooLarge`.
    public mutating func form<T: FormReadable>(limit: Int, _ type: T.Type) async throws -> T? {
        var form = try FormReader(try await request.body.collect(upTo: limit))
        let value = T.read(from: &form)
        validation.merge(form.validation)
        return value
    }

    /// A text in UTF-8. Throws `malformedBody` when it is not, and `contentTooLarge`.
    public mutating func text(limit: Int) async throws -> String? {
        let bytes = try await request.body.collect(upTo: limit)
        guard UTF8Check.isValid(bytes) else { throw RequestFailure(.malformedBody, detail: "The text is not UTF-8.") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Any bytes. Throws `contentTooLarge`.
    public mutating func bytes(limit: Int) async throws -> [UInt8]? { try await request.body.collect(upTo: limit) }
}
