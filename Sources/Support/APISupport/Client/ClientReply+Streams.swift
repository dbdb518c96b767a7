internal import HTTPTypes

/// Bodies that are read as they come, and multipart ones.
extension ClientReply {
    /// The bytes as they come.
    public func stream() -> ByteStream { response.body }

    /// One JSON text a line. What is wrong with an item throws ``ClientError`` from the stream.
    public func jsonLines<T: Sendable>(
        _ read: @escaping @Sendable (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> ItemStream<T> { items(.lines, read) }

    /// JSON texts of RFC 7464.
    public func jsonSequence<T: Sendable>(
        _ read: @escaping @Sendable (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> ItemStream<T> { items(.sequence, read) }

    private func items<T: Sendable>(
        _ format: ItemFormat, _ read: @escaping @Sendable (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> ItemStream<T> {
        let decode: @Sendable ([UInt8], Int) throws -> T = { [self] json, _ in try self.decode(json, read) }
        return ItemStream(
            DecodedItems(bytes: response.body, format: format, decode: decode) { [self] in self.error(.malformedBody, "\($0)") })
    }

    /// Server-sent events with text as data; `terminator` is the data of the event that ends them.
    public func eventStream(terminator: StaticString?) -> EventStream<String> {
        EventStream(
            DecodedEvents(bytes: response.body, terminator: terminator) { [self] data in
                guard UTF8Check.isValid(data) else { throw self.error(.malformedBody, "an event is not UTF-8") }
                return String(decoding: data, as: UTF8.self)
            })
    }

    // MARK: Multipart

    /// A multipart body, its parts in memory. Throws ``ClientError`` as ``json(_:)`` does.
    public func multipart<T: MultipartReadable>(_ type: T.Type) async throws -> T {
        var parts: MultipartReader
        do {
            parts = try await MultipartReader(response.body, contentType: contentType, limit: Self.maximumBodySize)
        } catch let failure as RequestFailure {
            throw error(failure.code == .contentTooLarge ? .bodyTooLarge : .malformedBody, failure.detail)
        }
        guard let value = T.read(from: &parts), parts.validation.isSatisfied else {
            throw error(.invalidBody, "the body is not what the API describes", parts.validation.violations)
        }
        return value
    }

    /// A multipart body part by part, as it comes.
    public func multipartStream() throws -> MultipartStream {
        guard let parser = MediaType.parameter("boundary", of: contentType).flatMap({ MultipartParser(boundary: $0) }) else {
            throw error(.malformedBody, "\(MultipartFailure.noBoundary)")
        }
        return MultipartStream(response.body, boundary: parser) { [self] in self.error(.malformedBody, "\($0)") }
    }

    // MARK: Ranges of media types

    private var contentType: String { response.head.headerFields[.contentType] ?? "" }

    /// What has no media type is taken as bytes (RFC 9110 §8.3).
    private var mediaType: String { contentType.isEmpty ? "application/octet-stream" : contentType }

    public func mediaBytes() async throws -> MediaBody<[UInt8]> { MediaBody(try await bytes(), mediaType: mediaType) }

    public func mediaText() async throws -> MediaBody<String> { MediaBody(try await text(), mediaType: mediaType) }

    public func mediaStream() -> MediaBody<ByteStream> { MediaBody(stream(), mediaType: mediaType) }
}
