import APISupport
import Coordination
import Logging
import Synchronization

/// Event streams that come from other replicas.
///
/// A replica that stands still does not end its streams when its lease does. Whoever passes them on ends them, so that their readers go to where
/// the session is then.
final class ForwardedStreams: Sendable {
    private struct Followed {
        let leaseName: String
        let fencingToken: Int64
        let end: Signal
    }

    private struct State {
        var followed: [Int: Followed] = [:]
        var nextNumber = 0
    }

    private let state = Mutex(State())

    /// The events, as they are asked for, until they end or the lease does.
    func follow<Value>(_ events: EventStream<Value>, under leaseName: String, of holder: LeaseHolder) -> EventStream<Value> {
        let end = Signal()
        let number = state.withLock { state in
            state.nextNumber += 1
            state.followed[state.nextNumber] = Followed(leaseName: leaseName, fencingToken: holder.fencingToken, end: end)
            return state.nextNumber
        }
        return EventStream(EndableEvents(events: events, end: end, registration: Registration(streams: self, number: number)))
    }

    /// How many there are.
    var count: Int { state.withLock { $0.followed.count } }

    /// Ends the streams whose lease has ended, or is somebody else's.
    func endThoseOfLostLeases(_ leases: any LeaseKeeper, logger: Logger) async {
        let followed = state.withLock { $0.followed.values.map(\.self) }
        do {
            for (leaseName, streams) in Dictionary(grouping: followed, by: \.leaseName) {
                let holder = try await leases.holder(of: leaseName)
                for stream in streams where stream.fencingToken != holder?.fencingToken { stream.end.notify() }
            }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("The leases of passed on event streams cannot be looked at", metadata: ["error": "\(error)"])
        }
    }

    /// Ends all of them, so that the service can stop.
    func endAll() {
        for stream in state.withLock({ $0.followed.values.map(\.self) }) { stream.end.notify() }
    }

    /// Lives as long as a stream's reader.
    fileprivate final class Registration: Sendable {
        private let streams: ForwardedStreams
        private let number: Int

        init(streams: ForwardedStreams, number: Int) {
            self.streams = streams
            self.number = number
        }

        deinit {
            streams.state.withLock { $0.followed[number] = nil }
        }
    }
}

/// Events that end with their source, or at a signal.
private struct EndableEvents<Value: Sendable>: AsyncSequence, Sendable {
    typealias Element = ServerSentEvent<Value>

    let events: EventStream<Value>
    let end: Signal
    let registration: ForwardedStreams.Registration

    func makeAsyncIterator() -> Iterator { Iterator(source: Source(events), end: end, registration: registration) }

    struct Iterator: AsyncIteratorProtocol {
        let source: Source
        let end: Signal
        let registration: ForwardedStreams.Registration

        mutating func next() async throws -> Element? {
            try await withThrowingTaskGroup(of: Element?.self) { [source, end] group in
                defer { group.cancelAll() }
                group.addTask { try await source.next() }
                group.addTask {
                    await end.wait()
                    return nil
                }
                return try await group.next() ?? nil
            }
        }
    }

    /// The source's iterator, for one call at a time.
    actor Source {
        private var iterator: EventStream<Value>.Iterator

        init(_ events: EventStream<Value>) { iterator = events.makeAsyncIterator() }

        func next() async throws -> Element? {
            var current = iterator
            defer { iterator = current }
            return try await current.next(isolation: self)
        }
    }
}
