/// An asynchronous sequence of `Element` whose own type nobody needs to know. Iterate it once, unless its base allows more.
struct ErasedSequence<Element: Sendable>: AsyncSequence, Sendable {
    private let makeBase: @Sendable () -> any AsyncIteratorProtocol<Element, any Error>

    init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == Element {
        makeBase = { RethrowingIterator(base: base.makeAsyncIterator()) }
    }

    func makeAsyncIterator() -> Iterator { Iterator(base: makeBase()) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: any AsyncIteratorProtocol<Element, any Error>

        mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> Element? {
            try await base.next(isolation: actor)
        }
    }
}

/// Widens the failure type of `Base` to any error.
private struct RethrowingIterator<Base: AsyncIteratorProtocol>: AsyncIteratorProtocol {
    typealias Element = Base.Element
    typealias Failure = any Error

    var base: Base

    mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> Base.Element? {
        try await base.next(isolation: actor)
    }
}
