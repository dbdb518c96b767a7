/// Values at hand as an asynchronous sequence.
struct StoredElements<Element: Sendable>: AsyncSequence, Sendable {
    let elements: [Element]

    func makeAsyncIterator() -> Iterator { Iterator(elements: elements[...]) }

    struct Iterator: AsyncIteratorProtocol {
        var elements: ArraySlice<Element>

        mutating func next() async -> Element? { elements.popFirst() }
    }
}
