/// A bounded queue in front of a connection, for whoever must not wait for its peer: a broadcast, an event source.
public struct Outbox<Outgoing: JSONWritable>: Sendable {
    /// What happens when the peer takes messages more slowly than they come.
    public enum Overflow: Sendable {
        /// The connection is closed with this code, such as 1013 or 1008.
        case close(WebSocketCloseCode)
        /// The message is not sent, and `offer` says so.
        case refuse
    }

    fileprivate let queue: BoundedQueue<[UInt8]>
    fileprivate let overflow: Overflow
    fileprivate let transport: any MessageTransport

    /// Puts a message into the queue; never waits. False: it was refused, for there is no room or the connection has ended.
    @discardableResult
    public func offer(_ message: Outgoing) async -> Bool {
        if queue.offer(MessageFrame.encode(message)) { return true }
        if case .close(let code) = overflow {
            queue.finish(WebSocketClosed(code: code, reason: Self.reason))
            await transport.close(code, reason: Self.reason)
        }
        return false
    }

    fileprivate static var reason: String { "the peer takes messages too slowly" }
}

extension MessageConnection {
    /// Runs `body` with an outbox of `capacity` messages; what is in it when `body` ends is still sent.
    ///
    /// Throws ``WebSocketClosed`` when the connection was closed because the outbox was full, or ended otherwise before all was sent.
    public func withOutbox<R: Sendable>(
        capacity: Int = 256, overflow: Outbox<Outgoing>.Overflow = .close(.tryAgainLater),
        _ body: @escaping @Sendable (Outbox<Outgoing>) async throws -> R
    ) async throws -> R {
        let outbox = Outbox<Outgoing>(queue: BoundedQueue(capacity: capacity), overflow: overflow, transport: transport)
        let transport = transport
        return try await withThrowingTaskGroup(of: R?.self) { group in
            group.addTask {
                while let message = try await outbox.queue.next() { try await transport.send(message) }
                return nil
            }
            group.addTask {
                defer { outbox.queue.finish() }
                return try await body(outbox)
            }
            var result: R?
            do {
                while let ended = try await group.next() { result = ended ?? result }
            } catch {
                group.cancelAll()
                throw error
            }
            guard let result else { throw WebSocketClosed(code: .abnormal, reason: "") }
            return result
        }
    }
}
