public import HTTPTypes

/// One part of a multipart body that is read, or written, as it comes.
public struct MultipartPart: Sendable {
    public var headerFields: HTTPFields
    /// To be read before the next part is asked for: what is left of it then is passed over.
    public var body: ByteStream

    public init(headerFields: HTTPFields, body: ByteStream) {
        self.headerFields = headerFields
        self.body = body
    }

    /// A part of a form (RFC 7578).
    public init(name: String, filename: String? = nil, mediaType: String? = nil, body: ByteStream) {
        headerFields = [.contentDisposition: ContentDisposition.field(name: name, filename: filename)]
        if let mediaType { headerFields[.contentType] = mediaType }
        self.body = body
    }

    /// The name of the form's field.
    public var name: String? { ContentDisposition.parameter("name", in: headerFields) }
    /// Not to be trusted as a path.
    public var filename: String? { ContentDisposition.parameter("filename", in: headerFields) }
    public var mediaType: String? { headerFields[.contentType] }
}

/// The parts of a multipart body as they come; pulled by its consumer. Iterate it once.
public struct MultipartStream: AsyncSequence, Sendable {
    public typealias Element = MultipartPart

    private let base: ErasedSequence<MultipartPart>

    public init<Base: AsyncSequence & Sendable>(_ parts: Base) where Base.Element == MultipartPart { base = ErasedSequence(parts) }

    public init(_ parts: [MultipartPart]) { self.init(StoredElements(elements: parts)) }

    /// The parts in `bytes`. `failure` makes the error thrown for bytes that are no multipart body.
    init(
        _ bytes: ByteStream, boundary: MultipartParser, failure: @escaping @Sendable (MultipartFailure) -> any Error
    ) {
        self.init(ReceivedParts(bytes: bytes, parser: boundary, failure: failure))
    }

    public func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator()) }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: ErasedSequence<MultipartPart>.Iterator

        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> MultipartPart? {
            try await base.next(isolation: actor)
        }
    }
}

// MARK: Receiving

private struct ReceivedParts: AsyncSequence, Sendable {
    let bytes: ByteStream
    let parser: MultipartParser
    let failure: @Sendable (MultipartFailure) -> any Error

    func makeAsyncIterator() -> Iterator { Iterator(source: MultipartSource(bytes: bytes, parser: parser, failure: failure)) }

    struct Iterator: AsyncIteratorProtocol {
        let source: MultipartSource

        mutating func next() async throws -> MultipartPart? {
            guard let (index, fields) = try await source.nextPart() else { return nil }
            return MultipartPart(headerFields: fields, body: ByteStream(PartBody(source: source, index: index)))
        }
    }
}

private struct PartBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let source: MultipartSource
    let index: Int

    func makeAsyncIterator() -> Iterator { Iterator(source: source, index: index) }

    struct Iterator: AsyncIteratorProtocol {
        let source: MultipartSource
        let index: Int

        mutating func next() async throws -> [UInt8]? { try await source.nextChunk(of: index) }
    }
}

/// What the parts of one body share: the bytes are read on by whoever asks, one at a time.
private actor MultipartSource {
    private var bytes: ByteStream.Iterator?
    private var parser: MultipartParser
    private let failure: @Sendable (MultipartFailure) -> any Error
    private var pending: ArraySlice<MultipartParser.Event> = []
    /// The number of the part that is being read, and whether it is.
    private var index = 0
    private var isInPart = false

    init(bytes: ByteStream, parser: MultipartParser, failure: @escaping @Sendable (MultipartFailure) -> any Error) {
        self.bytes = bytes.makeAsyncIterator()
        self.parser = parser
        self.failure = failure
    }

    /// The next part's number and header; what is left of the one before is passed over.
    func nextPart() async throws -> (Int, HTTPFields)? {
        while let event = try await nextEvent() {
            guard case .head(let fields) = event else { continue }
            index += 1
            isInPart = true
            return (index, fields)
        }
        return nil
    }

    /// The next bytes of the part with that number; nil when it is read, or passed over.
    func nextChunk(of number: Int) async throws -> [UInt8]? {
        guard number == index, isInPart else { return nil }
        guard case .body(let bytes)? = try await nextEvent() else {
            isInPart = false
            return nil
        }
        return bytes
    }

    private func nextEvent() async throws -> MultipartParser.Event? {
        while true {
            if let event = pending.popFirst() { return event }
            // Taken out while it is waited for: a second reader at the same time finds the end.
            guard var iterator = bytes.take() else { return nil }
            let chunk = try await iterator.next(isolation: self)
            do throws(MultipartFailure) {
                guard let chunk else {
                    try parser.finish()
                    return nil
                }
                pending = try parser.feed(chunk)[...]
            } catch {
                throw failure(error)
            }
            bytes = iterator
        }
    }
}

// MARK: Sending

/// The bytes of parts.
struct MultipartBytes: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let parts: MultipartStream
    let boundary: String

    func makeAsyncIterator() -> Iterator { Iterator(parts: parts.makeAsyncIterator(), boundary: boundary) }

    struct Iterator: AsyncIteratorProtocol {
        var parts: MultipartStream.Iterator
        let boundary: String
        var body: ByteStream.Iterator?
        var isAtEnd = false

        mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> [UInt8]? {
            if isAtEnd { return nil }
            if body != nil {
                if let chunk = try await body?.next(isolation: actor) { return chunk }
                body = nil
                return [0x0D, 0x0A]
            }
            guard let part = try await parts.next(isolation: actor) else {
                isAtEnd = true
                return [UInt8]("--\(boundary)--\r\n".utf8)
            }
            body = part.body.makeAsyncIterator()
            return MultipartWriter.head(part.headerFields, boundary: boundary)
        }
    }
}
