/// The bytes of a body as they come, in chunks of any size; pulled by its consumer, so that nothing piles up in between.
public struct ByteStream: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    private enum Base: Sendable {
        case bytes([UInt8])
        case sequence(ErasedSequence<[UInt8]>)
        case source(@Sendable () async throws -> [UInt8]?)
    }

    private let base: Base

    public init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == [UInt8] { self.base = .sequence(ErasedSequence(base)) }

    /// The chunks that `next` gives, up to nil; for one consumer, who asks for one after the other. A transport's way to hand over a body with
    /// the least ado.
    public init(next: @escaping @Sendable () async throws -> [UInt8]?) { base = .source(next) }

    /// All bytes in one chunk; none when there are none.
    public init(_ bytes: [UInt8]) { base = .bytes(bytes) }

    public func makeAsyncIterator() -> Iterator {
        switch base {
        case .bytes(let bytes): Iterator(base: .bytes(bytes))
        case .sequence(let sequence): Iterator(base: .sequence(sequence.makeAsyncIterator()))
        case .source(let next): Iterator(base: .source(next))
        }
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate enum Base {
            case bytes([UInt8])
            case sequence(ErasedSequence<[UInt8]>.Iterator)
            case source(@Sendable () async throws -> [UInt8]?)
        }

        fileprivate var base: Base

        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> [UInt8]? {
            switch base {
            case .bytes(let bytes):
                guard !bytes.isEmpty else { return nil }
                base = .bytes([])
                return bytes
            case .source(let next): return try await next()
            case .sequence(var iterator):
                defer { base = .sequence(iterator) }
                return try await iterator.next(isolation: actor)
            }
        }
    }

    /// All bytes, when they are at most `limit`; nil when there are more (the rest is left unread).
    public nonisolated(nonsending) func collect(upTo limit: Int) async throws -> [UInt8]? {
        if case .bytes(let bytes) = base { return bytes.count <= limit ? bytes : nil }
        var bytes: [UInt8] = []
        var iterator = makeAsyncIterator()
        while let chunk = try await iterator.next() {
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
