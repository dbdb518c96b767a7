internal import DequeModule

extension PostgresPool {
    /// Who has which connection, and who waits for one. Knows no time but what it is told, and does nothing but decide.
    struct StateMachine<Connection: AnyObject & Sendable, Waiter: Sendable>: Sendable {
        struct Waiting: Sendable {
            let id: UInt64
            let waiter: Waiter
            let since: ContinuousClock.Instant
            let deadline: ContinuousClock.Instant
        }

        struct Idle: Sendable {
            let connection: Connection
            let since: ContinuousClock.Instant
            let expiry: ContinuousClock.Instant
        }

        struct Lease: Sendable {
            let expiry: ContinuousClock.Instant
        }

        enum Acquisition: Sendable {
            case connection(Connection, idleSince: ContinuousClock.Instant)
            /// Wait; and, if set, make a connection.
            case wait(connect: Bool)
            case refuse(PostgresError)
        }

        enum Release: Sendable {
            case none
            case hand(Waiter, since: ContinuousClock.Instant)
            /// Close it; and, if set, make another one.
            case close(connect: Bool)
        }

        let maximumConnections: Int
        let maximumWaiters: Int

        /// The one that was used last is taken first: the others may grow old enough to be given up.
        private(set) var idle: [Idle] = []
        private(set) var leased: [ObjectIdentifier: Lease] = [:]
        private(set) var connecting = 0
        private var queue: Deque<UInt64> = []
        private var waiting: [UInt64: Waiting] = [:]
        /// Consecutive attempts that failed. While there are any, one attempt is made at a time.
        private(set) var failures = 0
        private(set) var lastFailure: (any Error)?
        private(set) var lastFailureTime: ContinuousClock.Instant?
        private(set) var isClosed = false

        init(maximumConnections: Int, maximumWaiters: Int) {
            self.maximumConnections = max(1, maximumConnections)
            self.maximumWaiters = max(0, maximumWaiters)
        }

        var waiterCount: Int { waiting.count }
        private var total: Int { idle.count + leased.count + connecting }

        // MARK: Callers

        /// Takes an idle connection. Nobody who waits is overtaken: when there is somebody, no connection is idle.
        mutating func acquire() -> Acquisition? {
            if isClosed { return .refuse(PostgresError(.closed, "The pool has been closed")) }
            guard let idle = idle.popLast() else { return nil }
            leased[ObjectIdentifier(idle.connection)] = Lease(expiry: idle.expiry)
            return .connection(idle.connection, idleSince: idle.since)
        }

        mutating func acquire(_ waiting: Waiting) -> Acquisition {
            if let acquisition = acquire() { return acquisition }
            guard self.waiting.count < maximumWaiters else {
                return .refuse(PostgresError(.tooManyWaiters, "\(maximumWaiters) callers wait for a connection already"))
            }
            self.waiting[waiting.id] = waiting
            queue.append(waiting.id)
            return .wait(connect: startConnecting())
        }

        /// - Returns: The waiter, if it waits still.
        mutating func cancel(_ id: UInt64) -> Waiter? {
            defer { compact() }
            return waiting.removeValue(forKey: id)?.waiter
        }

        mutating func release(_ connection: Connection, isUsable: Bool, at now: ContinuousClock.Instant) -> Release {
            guard let lease = leased.removeValue(forKey: ObjectIdentifier(connection)) else { return .none }
            guard isUsable, !isClosed, lease.expiry > now else { return .close(connect: startConnecting()) }
            return offer(connection, expiry: lease.expiry, at: now)
        }

        // MARK: Connections

        mutating func connected(_ connection: Connection, expiry: ContinuousClock.Instant, at now: ContinuousClock.Instant) -> Release {
            connecting -= 1
            failures = 0
            lastFailure = nil
            guard !isClosed else { return .close(connect: false) }
            return offer(connection, expiry: expiry, at: now)
        }

        /// - Returns: Whether to try again, after a pause that grows with ``failures``.
        mutating func connectionFailed(_ error: any Error, at now: ContinuousClock.Instant) -> Bool {
            connecting -= 1
            failures += 1
            lastFailure = error
            lastFailureTime = now
            return startConnecting()
        }

        /// Nobody waits any more: no connection can be made. While there is one that may come back, they do.
        mutating func giveUpWaiting() -> [Waiter] {
            guard leased.isEmpty else { return [] }
            defer {
                waiting = [:]
                queue = []
            }
            return queue.compactMap { waiting[$0]?.waiter }
        }

        /// An idle connection has ended by itself. A leased one is given back by whoever has it.
        mutating func lost(_ connection: Connection) { idle.removeAll { $0.connection === connection } }

        /// Whether another attempt is due: there are more waiters than connections on their way.
        mutating func startConnecting() -> Bool {
            guard !isClosed, waiting.count > connecting, total < maximumConnections else { return false }
            guard failures == 0 || connecting == 0 else { return false }
            connecting += 1
            return true
        }

        private mutating func offer(_ connection: Connection, expiry: ContinuousClock.Instant, at now: ContinuousClock.Instant) -> Release {
            while let id = queue.popFirst() {
                guard let next = waiting.removeValue(forKey: id) else { continue }
                leased[ObjectIdentifier(connection)] = Lease(expiry: expiry)
                return .hand(next.waiter, since: next.since)
            }
            idle.append(Idle(connection: connection, since: now, expiry: expiry))
            return .none
        }

        // MARK: Time

        /// Those whose time is up. All wait equally long, so that the first in the queue is the first to give up.
        mutating func expired(at now: ContinuousClock.Instant) -> [Waiter] {
            var expired: [Waiter] = []
            while let id = queue.first {
                if let next = waiting[id] {
                    guard next.deadline <= now else { break }
                    expired.append(next.waiter)
                    waiting.removeValue(forKey: id)
                }
                queue.removeFirst()
            }
            return expired
        }

        /// Idle connections that are too old, or that nobody has needed for a while; of the latter so many are kept.
        mutating func retire(
            idleBefore limit: ContinuousClock.Instant, keeping minimum: Int, at now: ContinuousClock.Instant
        ) -> [Connection] {
            var spare = max(0, total - minimum)
            var retired: [Connection] = []
            idle.removeAll { idle in
                let isUnneeded = idle.since <= limit && spare > 0
                guard isUnneeded || idle.expiry <= now else { return false }
                spare -= 1
                retired.append(idle.connection)
                return true
            }
            return retired
        }

        mutating func close() -> (waiters: [Waiter], connections: [Connection]) {
            isClosed = true
            defer {
                waiting = [:]
                queue = []
                idle = []
            }
            return (queue.compactMap { waiting[$0]?.waiter }, idle.map(\.connection))
        }

        /// Ids of those who left stay in the queue until their turn; not more of them than of the others, and a few.
        private mutating func compact() {
            guard queue.count > 2 * waiting.count + 64 else { return }
            queue.removeAll { waiting[$0] == nil }
        }
    }
}
