internal import HTTPTypes

/// A response as a generated client reads it.
public struct ClientReply: Sendable {
    /// Bytes read of a body that is wanted whole.
    public static let maximumBodySize = 32 << 20
    /// Bytes kept of a body that was not expected.
    static let prefixSize = 4_096

    public let status: Int
    private let operationID: String
    let response: ClientResponse

    init(operationID: String, response: ClientResponse) {
        status = response.head.status.code
        self.operationID = operationID
        self.response = response
    }

    // MARK: Body

    /// The index of the declared media type that the body has. Throws ``ClientError`` `undeclaredContentType` when it is another one.
    public func content(_ mediaTypes: [StaticString]) throws -> Int {
        let field = response.head.headerFields[.contentType] ?? ""
        guard let index = MediaType.index(of: field, in: mediaTypes) else {
            throw error(.undeclaredContentType, "the body is \(field.isEmpty ? "of no media type" : field)")
        }
        return index
    }

    /// The reply itself, when its body has the declared media type. Throws ``ClientError`` `undeclaredContentType` when it is another one.
    public func expecting(_ mediaType: StaticString) throws -> ClientReply {
        _ = try content([mediaType])
        return self
    }

    /// A JSON body. Throws ``ClientError`` `malformedBody`, `invalidBody` with all violations, or `bodyTooLarge`.
    public func json<T: Sendable>(_ read: (inout JSONReader) throws(JSONSyntaxError) -> T?) async throws -> T {
        let bytes = try await bytes()
        return try decode(bytes, read)
    }

    /// A form, read as the JSON that its fields make. Throws ``ClientError`` as ``json(_:)`` does.
    public func form<T: Sendable>(
        emptyIsAbsent: Bool = false, encoding: [FormEncoding] = [], _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) async throws -> T {
        let bytes = try await bytes()
        guard let pairs = FormReading.pairs(bytes[...]) else {
            throw error(
                .malformedBody, "the form has more than \(FormURLEncoded.maximumPairs) fields", prefix: Array(bytes.prefix(Self.prefixSize))
            )
        }
        return try decode(FormReading.json(pairs, schema: schema, encoding: encoding, emptyIsAbsent: emptyIsAbsent), read)
    }

    /// A text in the charset that the media type names; see ``InputReader/text(limit:)``.
    public func text() async throws -> String {
        let bytes = try await bytes()
        guard let charset = Charset(mediaType: response.head.headerFields[.contentType] ?? "") else {
            throw error(.undeclaredContentType, "the text's charset is not known")
        }
        guard let text = charset.decode(bytes) else { throw error(.malformedBody, "the text is not \(charset.rawValue)") }
        return text
    }

    /// The whole body, ``maximumBodySize`` at most.
    public func bytes() async throws -> [UInt8] {
        guard let bytes = try await response.body.collect(upTo: Self.maximumBodySize) else {
            throw error(.bodyTooLarge, "the body has more than \(Self.maximumBodySize) bytes")
        }
        return bytes
    }

    /// Server-sent events with JSON data, as they come; `terminator` is the data of the event that ends them.
    public func eventStream<T: Sendable>(
        terminator: StaticString?, _ read: @escaping @Sendable (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> EventStream<T> {
        EventStream(DecodedEvents(bytes: response.body, terminator: terminator) { [self] data in try decode(data, read) })
    }

    func decode<T>(_ bytes: [UInt8], _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?) throws -> T {
        var validation = Validation()
        let prefix = Array(bytes.prefix(Self.prefixSize))
        do throws(RequestFailure) {
            let value = try JSONReader.decode(from: bytes, into: &validation, read)
            if let value, validation.isSatisfied { return value }
        } catch {
            throw self.error(.malformedBody, error.detail, prefix: prefix)
        }
        throw error(.invalidBody, "the body is not what the API describes", validation.violations, prefix: prefix)
    }

    // MARK: Header fields

    /// A required field. Throws ``ClientError`` `invalidHeader` when it is absent or not readable.
    public func header<T: ParameterValue>(_ name: StaticString) throws -> T {
        guard let value: T = try optionalHeader(name) else { throw error(.invalidHeader, "\(name) is missing") }
        return value
    }

    public func optionalHeader<T: ParameterValue>(_ name: StaticString) throws -> T? {
        guard let text = field(name) else { return nil }
        guard let value = T(parameterText: text) else { throw error(.invalidHeader, "\(name) cannot be read") }
        return value
    }

    /// A comma-separated list; of `Set-Cookie`, one value a field. Throws ``ClientError`` `invalidHeader` when it is absent.
    public func headerValues<T: ParameterValue>(_ name: StaticString) throws -> [T] {
        guard let values: [T] = try optionalHeaderValues(name) else { throw error(.invalidHeader, "\(name) is missing") }
        return values
    }

    /// The same; nil when the field is absent.
    public func optionalHeaderValues<T: ParameterValue>(_ name: StaticString) throws -> [T]? {
        guard let fields = fields(name) else { return nil }
        let isSetCookie = HTTPField.Name(name.description) == .setCookie
        let texts = isSetCookie ? fields : fields.flatMap { ParameterStyle.fieldElements(WireText($0, .none)).map(\.decoded) }
        return try texts.map { text in
            guard let value = T(parameterText: text) else { throw error(.invalidHeader, "\(name) cannot be read") }
            return value
        }
    }

    /// A field in style `simple` that is neither a scalar nor a list of scalars.
    public func header<T: Sendable>(
        _ name: StaticString, explode: Bool, _ schema: TextSchema, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws -> T {
        guard let value = try optionalHeader(name, explode: explode, schema, read) else {
            throw error(.invalidHeader, "\(name) is missing")
        }
        return value
    }

    public func optionalHeader<T: Sendable>(
        _ name: StaticString, explode: Bool, _ schema: TextSchema, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws -> T? {
        guard let fields = fields(name) else { return nil }
        let text = WireText(fields.joined(separator: ","), .none)
        let values = ParameterStyle.simple.values([text], name: name.description, explode: explode, schema: schema)
        var validation = Validation()
        let value = validation.readStructure(values, as: .parameter(.header, name), required: true, schema, read)
        return try checked(value, validation, name)
    }

    /// A field whose text is JSON.
    public func header<T: Sendable>(
        json name: StaticString, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws -> T {
        guard let value = try optionalHeader(json: name, read) else { throw error(.invalidHeader, "\(name) is missing") }
        return value
    }

    public func optionalHeader<T: Sendable>(
        json name: StaticString, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws -> T? {
        guard let text = field(name) else { return nil }
        var validation = Validation()
        let value = validation.readJSON(texts: [text], as: .parameter(.header, name), required: true, read)
        return try checked(value, validation, name)
    }

    private func checked<T>(_ value: T?, _ validation: Validation, _ name: StaticString) throws -> T {
        guard let value, validation.isSatisfied else {
            throw error(.invalidHeader, "\(name) cannot be read", validation.violations)
        }
        return value
    }

    private func field(_ name: StaticString) -> String? {
        HTTPField.Name(name.description).flatMap { response.head.headerFields[$0] }
    }

    /// The field's lines; nil when there is none.
    private func fields(_ name: StaticString) -> [String]? {
        let lines = HTTPField.Name(name.description).map { response.head.headerFields[values: $0] } ?? []
        return lines.isEmpty ? nil : lines
    }

    // MARK: Errors

    /// The error for a status that the operation does not declare.
    public func undeclared() async -> ClientError {
        do {
            return error(.undeclaredStatus, "", prefix: try await response.body.prefix(upTo: Self.prefixSize))
        } catch {
            return self.error(.undeclaredStatus, "the body could not be read: \(error)")
        }
    }

    func error(
        _ code: ClientError.Code, _ detail: String, _ violations: [Violation] = [], prefix: [UInt8] = []
    ) -> ClientError {
        ClientError(operationID: operationID, status: status, code: code, detail: detail, violations: violations, bodyPrefix: prefix)
    }
}
