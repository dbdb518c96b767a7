/// The bytes of a body as they come, in chunks of any size; pulled by its consumer, so that nothing piles up in between.
public struct ByteStream: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    private let base: ErasedSequence<[UInt8]>

    public init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == [UInt8] { self.base = ErasedSequence(base) }

    /// All bytes in one chunk; none when there are none.
    public init(_ bytes: [UInt8]) { self.init(SingleChunk(bytes: bytes)) }

    public func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator()) }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: ErasedSequence<[UInt8]>.Iterator

        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> [UInt8]? {
            try await base.next(isolation: actor)
        }
    }

    /// All bytes, when they are at most `limit`; nil when there are more (the rest is left unread).
    public func collect(upTo limit: Int) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        for try await chunk in self {
            guard chunk.count <= limit - bytes.count else { return nil }
            // Most bodies come in one chunk: it is taken as it is.
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
        }
        return bytes
    }

    /// The first `limit` bytes at most.
    func prefix(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in self {
            bytes += chunk.prefix(limit - bytes.count)
            if bytes.count >= limit { break }
        }
        return bytes
    }
}

private struct SingleChunk: AsyncSequence, Sendable {
    var bytes: [UInt8]

    func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes) }

    struct Iterator: AsyncIteratorProtocol {
        var bytes: [UInt8]

        mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> [UInt8]? {
            guard !bytes.isEmpty else { return nil }
            defer { bytes = [] }
            return bytes
        }
    }
}
