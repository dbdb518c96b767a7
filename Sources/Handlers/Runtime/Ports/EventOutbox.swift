public import APISupport

/// Events that have happened and are still to be published: kept by the store of what they tell of, in the same transaction (a transactional
/// outbox), so that none is lost and none tells of what was rolled back.
///
/// All methods may throw what their store throws.
public protocol EventOutbox: Sendable {
    /// Rings when this process has stored events. Those that another process stores are found by asking.
    var bell: OutboxBell { get }

    /// Keeps events that belong to no change of a session.
    func append(_ events: [DomainEvent]) async throws

    /// Says that the relay with this fencing token is at work from now on.
    ///
    /// - Throws: ``OutboxRelaySuperseded`` when there has been a later one.
    func begin(relay fencingToken: Int64) async throws

    /// The oldest events, in the order in which they were stored; those of one session in the order in which they happened.
    ///
    /// - Throws: ``OutboxRelaySuperseded`` when another relay has begun.
    func oldest(_ limit: Int, for fencingToken: Int64) async throws -> [OutboxEntry]

    /// Removes what has been published. Whoever did that may say so: it was published.
    func remove(_ positions: [Int64]) async throws

    /// How many events wait, counted up to a limit.
    func count(upTo limit: Int) async throws -> Int
}

/// An event that waits for being published.
public struct OutboxEntry: Sendable, Equatable {
    /// Its place in the order of storing. Places may be missing, and filled later than those behind them.
    public let position: Int64
    public let event: Event

    public init(position: Int64, event: Event) {
        self.position = position
        self.event = event
    }
}

/// Another relay has begun: this one has to stop before it publishes more.
public struct OutboxRelaySuperseded: Error, Sendable {
    public init() {}
}

/// Wakes the process's relay.
public final class OutboxBell: Sendable {
    private let signal = Signal()

    public init() {}

    /// To be rung after the transaction that stored events.
    public func ring() { signal.notify() }

    /// Returns when it has rung since the last wait. One task at a time may wait.
    public func wait() async { await signal.wait() }
}
