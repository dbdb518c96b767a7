internal import Synchronization

extension ByteStream {
    /// The same bytes; `action` is called once, when they have ended or failed, or when nobody can ask for them any more.
    public func atEnd(_ action: @escaping @Sendable () -> Void) -> ByteStream {
        ByteStream(WatchedChunks(base: self, end: End(action)))
    }

    /// Calls its action once.
    private final class End: Sendable {
        private let action: @Sendable () -> Void
        private let isReached = Atomic(false)

        init(_ action: @escaping @Sendable () -> Void) { self.action = action }

        deinit { reach() }

        func reach() {
            if !isReached.exchange(true, ordering: .relaxed) { action() }
        }
    }

    private struct WatchedChunks: AsyncSequence, Sendable {
        typealias Element = [UInt8]

        let base: ByteStream
        let end: End

        func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), end: end) }

        struct Iterator: AsyncIteratorProtocol {
            fileprivate var base: ByteStream.Iterator
            fileprivate let end: End

            mutating func next() async throws -> [UInt8]? { try await next(isolation: nil) }

            mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
                do {
                    if let chunk = try await base.next(isolation: actor) { return chunk }
                } catch {
                    end.reach()
                    throw error
                }
                end.reach()
                return nil
            }
        }
    }
}
