/// What becomes of a message that is not what the channel describes.
public enum InvalidMessagePolicy<Outgoing: JSONWritable>: Sendable {
    /// The connection is closed with 1007 (RFC 6455 §7.4.1).
    case close
    /// This is sent, and the connection goes on.
    case answer(@Sendable (RequestFailure) -> Outgoing)
}

extension MessageConnection {
    /// The messages of ``incoming`` that are what the channel describes; others are dealt with as `policy` says.
    public func messages(invalid policy: InvalidMessagePolicy<Outgoing> = .close) -> ValidMessages<Incoming, Outgoing> {
        ValidMessages(connection: self, policy: policy)
    }
}

/// See ``MessageConnection/messages(invalid:)``.
public struct ValidMessages<Incoming: JSONReadable, Outgoing: JSONWritable>: AsyncSequence, Sendable {
    public typealias Element = Incoming

    fileprivate let connection: MessageConnection<Incoming, Outgoing>
    fileprivate let policy: InvalidMessagePolicy<Outgoing>

    public func makeAsyncIterator() -> Iterator {
        Iterator(received: connection.incoming.makeAsyncIterator(), connection: connection, policy: policy)
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var received: IncomingMessages<Incoming, Outgoing>.Iterator
        fileprivate let connection: MessageConnection<Incoming, Outgoing>
        fileprivate let policy: InvalidMessagePolicy<Outgoing>

        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> Incoming? {
            while let next = try await received.next(isolation: actor) {
                switch (next, policy) {
                case (.message(let message), _): return message
                case (.invalid(let failure), .answer(let answer)): try await connection.send(answer(failure))
                case (.invalid, .close):
                    let reason = "the message is not what the channel describes"
                    await connection.close(.invalidPayload, reason: reason)
                    throw WebSocketClosed(code: .invalidPayload, reason: reason)
                }
            }
            return nil
        }
    }
}
