internal import HTTPTypes

/// Bodies that are written as they are made, and multipart ones.
extension ClientCall {
    /// Bytes as they come.
    public mutating func stream(_ mediaType: StaticString, _ stream: ByteStream) { setBody(mediaType.description, stream) }

    /// One JSON text a line.
    public mutating func jsonLines<T: Sendable>(
        _ mediaType: StaticString, _ items: ItemStream<T>, _ write: @escaping @Sendable (T, inout JSONWriter) -> Void
    ) { setBody(mediaType.description, ByteStream(ItemBytes(items: items, format: .lines, write: write))) }

    /// JSON texts of RFC 7464.
    public mutating func jsonSequence<T: Sendable>(
        _ mediaType: StaticString, _ items: ItemStream<T>, _ write: @escaping @Sendable (T, inout JSONWriter) -> Void
    ) { setBody(mediaType.description, ByteStream(ItemBytes(items: items, format: .sequence, write: write))) }

    public mutating func multipart(_ mediaType: StaticString, _ value: some MultipartWritable) {
        let (bytes, boundary) = MultipartWriter.encode(value)
        setBody("\(mediaType); boundary=\(boundary)", bytes)
    }

    /// Part by part.
    public mutating func multipart(_ mediaType: StaticString, _ parts: MultipartStream) {
        let boundary = MultipartWriter.randomBoundary()
        setBody("\(mediaType); boundary=\(boundary)", ByteStream(MultipartBytes(parts: parts, boundary: boundary)))
    }

    /// Throws ``UndeclaredMediaType`` when the body's is not within `range`.
    public mutating func media(_ range: StaticString, _ value: MediaBody<[UInt8]>) throws {
        setBody(try value.checked(range), value.body)
    }

    public mutating func media(_ range: StaticString, _ value: MediaBody<String>) throws {
        setBody("\(try value.checked(range)); charset=utf-8", [UInt8](value.body.utf8))
    }

    public mutating func media(_ range: StaticString, _ value: MediaBody<ByteStream>) throws {
        setBody(try value.checked(range), value.body)
    }
}
