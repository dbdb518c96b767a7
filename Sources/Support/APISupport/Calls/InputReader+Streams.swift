internal import HTTPTypes

/// Bodies that are read as they come, and multipart ones.
extension InputReader {
    /// Bytes of a streamed body, unless the document sets a limit: 1 GiB.
    public static let streamLimit = 1 << 30

    /// The bytes as they come; more than `limit` throw `contentTooLarge`.
    public func stream(limit: Int = streamLimit) -> ByteStream? { ByteStream(LimitedBytes(base: request.body.stream, limit: limit)) }

    /// One JSON text a line. An item that is not JSON, or not what the schema says, throws from the stream: `malformedBody` or `invalid`,
    /// with its index in the pointers.
    public func jsonLines<T: Sendable>(
        limit: Int = streamLimit, _ read: @escaping @Sendable (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> ItemStream<T>? { items(.lines, limit, read) }

    /// JSON texts of RFC 7464.
    public func jsonSequence<T: Sendable>(
        limit: Int = streamLimit, _ read: @escaping @Sendable (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> ItemStream<T>? { items(.sequence, limit, read) }

    private func items<T: Sendable>(
        _ format: ItemFormat, _ limit: Int, _ read: @escaping @Sendable (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> ItemStream<T> {
        let bytes = ByteStream(LimitedBytes(base: request.body.stream, limit: limit))
        let decode: @Sendable ([UInt8], Int) throws -> T = { json, index in
            var inner = Validation()
            do throws(RequestFailure) {
                let value = try JSONReader.decode(from: json, into: &inner, read)
                if let value, inner.isSatisfied { return value }
            } catch {
                throw error.ofRequest
            }
            var validation = Validation()
            validation.merge(inner, under: "/\(index)")
            throw RequestFailure(validation).ofRequest
        }
        return ItemStream(
            DecodedItems(bytes: bytes, format: format, decode: decode) { failure in
                if case .itemTooLarge = failure { return RequestFailure(.contentTooLarge, detail: "In the body \(failure).").ofRequest }
                return RequestFailure(.malformedBody, detail: "In the body \(failure).").ofRequest
            })
    }

    // MARK: Multipart

    /// A multipart body, its parts in memory. Throws `malformedBody` and `contentTooLarge`; violations are kept, the result is nil then.
    public mutating func multipart<T: MultipartReadable>(limit: Int, _ type: T.Type) async throws -> T? {
        if let length = request.body.contentLength, length > limit {
            throw RequestFailure(.contentTooLarge, detail: "The body may have \(limit) bytes at most.").ofRequest
        }
        var parts = try await MultipartReader(
            request.body.stream, contentType: request.head.headerFields[.contentType] ?? "", limit: limit)
        let value = T.read(from: &parts)
        validation.merge(parts.validation)
        return value
    }

    /// A multipart body part by part, as it comes. What is no multipart body throws `malformedBody`, now or from the stream.
    public func multipartStream(limit: Int = streamLimit) throws -> MultipartStream? {
        let boundary = MediaType.parameter("boundary", of: request.head.headerFields[.contentType] ?? "")
        guard let parser = boundary.flatMap({ MultipartParser(boundary: $0) }) else {
            throw Self.malformed(.noBoundary)
        }
        let bytes = ByteStream(LimitedBytes(base: request.body.stream, limit: limit))
        return MultipartStream(bytes, boundary: parser) { Self.malformed($0) }
    }

    private static func malformed(_ failure: MultipartFailure) -> RequestFailure {
        RequestFailure(.malformedBody, detail: "The body is not multipart: \(failure).").ofRequest
    }

    // MARK: Ranges of media types

    private var mediaType: String { request.head.headerFields[.contentType] ?? "application/octet-stream" }

    public mutating func mediaBytes(limit: Int) async throws -> MediaBody<[UInt8]>? {
        try await bytes(limit: limit).map { MediaBody($0, mediaType: mediaType) }
    }

    public mutating func mediaText(limit: Int) async throws -> MediaBody<String>? {
        try await text(limit: limit).map { MediaBody($0, mediaType: mediaType) }
    }

    public func mediaStream(limit: Int = streamLimit) -> MediaBody<ByteStream>? {
        stream(limit: limit).map { MediaBody($0, mediaType: mediaType) }
    }
}

/// Bytes that throw `contentTooLarge` once they are more than a limit.
private struct LimitedBytes: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let base: ByteStream
    let limit: Int

    func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), limit: limit, left: limit) }

    struct Iterator: AsyncIteratorProtocol {
        var base: ByteStream.Iterator
        let limit: Int
        var left: Int

        mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> [UInt8]? {
            guard let chunk = try await base.next(isolation: actor) else { return nil }
            guard chunk.count <= left else {
                throw RequestFailure(.contentTooLarge, detail: "The body may have \(limit) bytes at most.").ofRequest
            }
            left -= chunk.count
            return chunk
        }
    }
}
