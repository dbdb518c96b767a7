internal import HTTPTypes

/// A response as a generated client reads it.
public struct ClientReply: Sendable {
    /// Bytes read of a body that is wanted whole.
    public static let maximumBodySize = 32 << 20
    /// Bytes kept of a body that was not expected.
    static let prefixSize = 4_096

    public let status: Int
    private let operationID: String
    private let response: ClientResponse

    init(operationID: String, response: ClientResponse) {
        status = response.head.status.code
        self.operationID = operationID
        self.response = response
    }

    // MARK: Body

    /// The index of the declared media type that the body has. Throws ``ClientError`` `undeclaredContentType` when it is another one.
    public func content(_ mediaTypes: [StaticString]) throws -> Int {
        let field = response.head.headerFields[.contentType] ?? ""
        guard let essence = MediaType.essence(field), let index = MediaType.index(of: essence, in: mediaTypes) else {
            throw error(.undeclaredContentType, "the body is \(field.isEmpty ? "of no media type" : field)")
        }
        return index
    }

    /// A JSON body. Throws ``ClientError`` `malformedBody`, `invalidBody` with all violations, or `bodyTooLarge`.
    public func json<T: Sendable>(_ read: (inout JSONReader) throws(JSONSyntaxError) -> T?) async throws -> T {
        let bytes = try await bytes()
        return try decode(bytes, read)
    }

    /// A form. Throws ``ClientError`` as ``json(_:)`` does.
    public func form<T: FormReadable>(_ type: T.Type) async throws -> T {
        let bytes = try await bytes()
        let prefix = Array(bytes.prefix(Self.prefixSize))
        var form: FormReader
        do throws(RequestFailure) {
            form = try FormReader(bytes)
        } catch {
            throw self.error(.malformedBody, error.detail, prefix: prefix)
        }
        let value = T.read(from: &form)
        guard let value, form.validation.isSatisfied else {
            throw error(.invalidBody, "the body is not what the API describes", form.validation.violations, prefix: prefix)
        }
        return value
    }

    /// A text in UTF-8.
    public func text() async throws -> String {
        let bytes = try await bytes()
        guard UTF8Check.isValid(bytes) else { throw error(.malformedBody, "the text is not UTF-8") }
        return String(decoding: bytes, as: UTF8.self)
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

    private func decode<T>(_ bytes: [UInt8], _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?) throws -> T {
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

    /// A comma-separated list; empty when the field is absent.
    public func headerValues<T: ParameterValue>(_ name: StaticString) throws -> [T] {
        try ServerCall.listElements(field(name) ?? "").map { text in
            guard let value = T(parameterText: text) else { throw error(.invalidHeader, "\(name) cannot be read") }
            return value
        }
    }

    private func field(_ name: StaticString) -> String? {
        HTTPField.Name(name.description).flatMap { response.head.headerFields[$0] }
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

    private func error(
        _ code: ClientError.Code, _ detail: String, _ violations: [Violation] = [], prefix: [UInt8] = []
    ) -> ClientError {
        ClientError(operationID: operationID, status: status, code: code, detail: detail, violations: violations, bodyPrefix: prefix)
    }
}
