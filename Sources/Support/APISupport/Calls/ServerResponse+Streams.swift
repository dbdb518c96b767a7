internal import HTTPTypes

/// Bodies that are written as they are made, and multipart ones.
extension ServerResponse {
    /// Bytes as they come.
    public static func stream(_ status: Int, _ mediaType: StaticString, _ stream: ByteStream) -> ServerResponse {
        with(status, contentType: mediaType.description, .stream(stream))
    }

    /// One JSON text a line.
    public static func jsonLines<T: Sendable>(
        _ status: Int, _ mediaType: StaticString, _ items: ItemStream<T>, _ write: @escaping @Sendable (T, inout JSONWriter) -> Void
    ) -> ServerResponse { stream(status, mediaType, ByteStream(ItemBytes(items: items, format: .lines, write: write))) }

    /// JSON texts of RFC 7464.
    public static func jsonSequence<T: Sendable>(
        _ status: Int, _ mediaType: StaticString, _ items: ItemStream<T>, _ write: @escaping @Sendable (T, inout JSONWriter) -> Void
    ) -> ServerResponse { stream(status, mediaType, ByteStream(ItemBytes(items: items, format: .sequence, write: write))) }

    /// Server-sent events whose data is text.
    public static func eventStream(_ status: Int, _ stream: EventStream<String>, terminator: StaticString?) -> ServerResponse {
        let bytes = EventBytes(events: stream, terminator: terminator) { Array($0.utf8) }
        var response = with(status, contentType: "text/event-stream", .stream(ByteStream(bytes)))
        response.head.headerFields[.cacheControl] = "no-cache"
        return response
    }

    // MARK: Multipart

    public static func multipart(_ status: Int, _ mediaType: StaticString, _ value: some MultipartWritable) -> ServerResponse {
        let (bytes, boundary) = MultipartWriter.encode(value)
        return with(status, contentType: "\(mediaType); boundary=\(boundary)", .bytes(bytes))
    }

    /// Part by part.
    public static func multipart(_ status: Int, _ mediaType: StaticString, _ parts: MultipartStream) -> ServerResponse {
        let boundary = MultipartWriter.randomBoundary()
        let bytes = ByteStream(MultipartBytes(parts: parts, boundary: boundary))
        return with(status, contentType: "\(mediaType); boundary=\(boundary)", .stream(bytes))
    }

    // MARK: Ranges of media types

    /// Throws ``UndeclaredMediaType`` when the body's is not within `range`.
    public static func media(_ status: Int, _ range: StaticString, _ value: MediaBody<[UInt8]>) throws -> ServerResponse {
        with(status, contentType: try value.checked(range), .bytes(value.body))
    }

    public static func media(_ status: Int, _ range: StaticString, _ value: MediaBody<String>) throws -> ServerResponse {
        with(status, contentType: "\(try value.checked(range)); charset=utf-8", .bytes([UInt8](value.body.utf8)))
    }

    public static func media(_ status: Int, _ range: StaticString, _ value: MediaBody<ByteStream>) throws -> ServerResponse {
        with(status, contentType: try value.checked(range), .stream(value.body))
    }
}
