extension ReplyTable {
    /// The requests that wait: a bounded number of places, and in each a request under its correlation id, or under none.
    ///
    /// A pure value: what must be resumed is returned, and resumed by the caller outside of the lock.
    struct StateMachine<Waiter, Queued> {
        /// A request that has its place.
        private struct Entry {
            var key: String?
            /// The reply, when it came before it was waited for.
            var reply: Reply?
            var waiter: Waiter?
        }

        private let places: Int
        private var entries: [Int: Entry] = [:]
        private var ticketsByKey: [String: Int] = [:]
        /// Tickets without a key, oldest first.
        private var ordered: [Int] = []
        private var queue: [(ticket: Int, queued: Queued)] = []
        private var nextTicket = 0
        private(set) var end: (any Error)?

        init(places: Int) { self.places = places }

        mutating func ticket() -> Int {
            defer { nextTicket += 1 }
            return nextTicket
        }

        // MARK: Places

        enum Admission {
            case admitted
            case queued
            case ended(any Error)
        }

        /// A place for `ticket`: at once, or `queued` is to be resumed once there is one.
        mutating func admit(_ ticket: Int, _ queued: Queued) -> Admission {
            if let end { return .ended(end) }
            guard entries.count < places else {
                queue.append((ticket, queued))
                return .queued
            }
            entries[ticket] = Entry()
            return .admitted
        }

        /// Gives up waiting for a place.
        mutating func cancelAdmission(_ ticket: Int) -> Queued? {
            guard let index = queue.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            return queue.remove(at: index).queued
        }

        /// Names the request in a place; false: that name is taken.
        mutating func name(_ ticket: Int, _ key: String?) -> Bool {
            guard let key else {
                ordered.append(ticket)
                return true
            }
            guard ticketsByKey[key] == nil else { return false }
            ticketsByKey[key] = ticket
            entries[ticket]?.key = key
            return true
        }

        /// The request is over, however it ended; gives the one that gets its place.
        mutating func leave(_ ticket: Int) -> Queued? {
            guard let entry = entries.removeValue(forKey: ticket) else { return nil }
            if let key = entry.key { ticketsByKey[key] = nil }
            ordered.removeAll { $0 == ticket }
            guard !queue.isEmpty else { return nil }
            let next = queue.removeFirst()
            entries[next.ticket] = Entry()
            return next.queued
        }

        // MARK: Replies

        var hasNamed: Bool { !ticketsByKey.isEmpty }
        /// The oldest request that is told from others by its order only, unless its reply has come.
        var oldest: Int? { ordered.first { entries[$0]?.reply == nil } }

        /// Whether the reply has an owner, and who waits for it.
        mutating func deliver(_ reply: Reply, for key: String) -> (isTaken: Bool, waiter: Waiter?) {
            guard let ticket = ticketsByKey[key] else { return (false, nil) }
            return deliver(reply, to: ticket)
        }

        mutating func deliver(_ reply: Reply, to ticket: Int) -> (isTaken: Bool, waiter: Waiter?) {
            guard var entry = entries[ticket], entry.reply == nil else { return (false, nil) }
            defer { entries[ticket] = entry }
            if let waiter = entry.waiter {
                entry.waiter = nil
                entry.reply = reply
                return (true, waiter)
            }
            entry.reply = reply
            return (true, nil)
        }

        enum Wait {
            case reply(Reply)
            case waiting
            case ended(any Error)
        }

        mutating func wait(_ ticket: Int, _ waiter: Waiter) -> Wait {
            if let reply = entries[ticket]?.reply { return .reply(reply) }
            if let end { return .ended(end) }
            entries[ticket]?.waiter = waiter
            return .waiting
        }

        mutating func cancelWait(_ ticket: Int) -> Waiter? {
            defer { entries[ticket]?.waiter = nil }
            return entries[ticket]?.waiter
        }

        /// No reply comes any more.
        mutating func finish(_ error: any Error) -> (waiters: [Waiter], queued: [Queued]) {
            guard end == nil else { return ([], []) }
            end = error
            let waiters = entries.values.compactMap(\.waiter)
            for ticket in entries.keys { entries[ticket]?.waiter = nil }
            defer { queue = [] }
            return (waiters, queue.map(\.queued))
        }
    }
}
