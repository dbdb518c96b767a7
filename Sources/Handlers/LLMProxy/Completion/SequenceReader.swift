/// Reads a sequence an element at a time from wherever it is needed: a task with a deadline, or a stream that begins with an element that was
/// read before. One reader at a time.
actor SequenceReader<Element: Sendable> {
    private var iterator: any AsyncIteratorProtocol<Element, any Error>

    init<Base: AsyncSequence>(_ base: sending Base) where Base.Element == Element, Base.Failure == any Error {
        iterator = base.makeAsyncIterator()
    }

    /// The next element; nil at the end.
    func next() async throws -> Element? {
        var iterator = iterator
        defer { self.iterator = iterator }
        return try await iterator.next(isolation: self)
    }
}
