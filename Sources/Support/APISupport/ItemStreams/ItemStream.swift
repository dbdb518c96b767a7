/// The items of a sequence of JSON texts as they come; pulled by its consumer. Iterate it once.
public struct ItemStream<Element: Sendable>: AsyncSequence, Sendable {
    private let base: ErasedSequence<Element>

    public init<Base: AsyncSequence & Sendable>(_ sequence: Base) where Base.Element == Element { base = ErasedSequence(sequence) }

    public init(_ elements: [Element]) { self.init(StoredElements(elements: elements)) }

    public func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator()) }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: ErasedSequence<Element>.Iterator

        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> Element? {
            try await base.next(isolation: actor)
        }
    }
}

/// How a sequence of JSON texts is written.
enum ItemFormat: Sendable {
    /// One JSON text a line (jsonlines.org).
    case lines
    /// A record separator before each text, a line feed after it (RFC 7464).
    case sequence

    /// The bytes of one item.
    func bytes(_ json: [UInt8]) -> [UInt8] { self == .lines ? json + [0x0A] : [0x1E] + json + [0x0A] }
}
