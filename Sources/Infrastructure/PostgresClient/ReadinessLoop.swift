internal import CPostgres
internal import Glibc
internal import Synchronization

/// What wants to know when its descriptor can be read or written, and what time it is.
protocol ReadinessObserver: AnyObject, Sendable {
    func becameReady(toRead: Bool, toWrite: Bool)
    /// Called every ``ReadinessLoop/tick``.
    func ticked(at now: ContinuousClock.Instant)
}

/// The one thread that waits for the sockets of all connections.
///
/// libpq owns its sockets, so that no other library's event loop can read them; it only has to be told when there is something to do. The
/// thread lives as long as the process: it is started with the first connection.
final class ReadinessLoop: Sendable {
    static let shared = ReadinessLoop()

    /// How often deadlines are looked at.
    static let tick: Duration = .milliseconds(100)

    private struct State {
        var observers: [UInt64: any ReadinessObserver] = [:]
        var nextID: UInt64 = 1
        var isStarted = false
    }

    private let epoll: CInt
    private let state = Mutex(State())

    private init() { epoll = epoll_create1(CInt(EPOLL_CLOEXEC)) }

    /// Watches a descriptor, at first for reading.
    ///
    /// - Returns: What the observation is called from now on. The descriptor must be taken out with ``remove(_:_:)`` before it is closed.
    func add(_ descriptor: CInt, _ observer: any ReadinessObserver) throws -> UInt64 {
        guard epoll >= 0 else { throw PostgresError(.connectionFailed, "The system has no descriptor left to watch sockets with") }
        let id = try state.withLock { state in
            if !state.isStarted {
                try start()
                state.isStarted = true
            }
            defer { state.nextID += 1 }
            state.observers[state.nextID] = observer
            return state.nextID
        }
        guard control(EPOLL_CTL_ADD, descriptor, id, toWrite: false) else {
            let reason = String(cString: strerror(errno))
            state.withLock { _ = $0.observers.removeValue(forKey: id) }
            throw PostgresError(.connectionFailed, "The connection's socket cannot be watched: \(reason)")
        }
        return id
    }

    /// Whether it is also of interest that the descriptor can be written.
    func setInterest(_ descriptor: CInt, _ id: UInt64, toWrite: Bool) {
        _ = control(EPOLL_CTL_MOD, descriptor, id, toWrite: toWrite)
    }

    func remove(_ descriptor: CInt, _ id: UInt64) {
        state.withLock { _ = $0.observers.removeValue(forKey: id) }
        _ = control(EPOLL_CTL_DEL, descriptor, id, toWrite: false)
    }

    private func control(_ operation: CInt, _ descriptor: CInt, _ id: UInt64, toWrite: Bool) -> Bool {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (toWrite ? EPOLLOUT.rawValue : 0)
        event.data.u64 = id
        return epoll_ctl(epoll, operation, descriptor, &event) == 0
    }

    // MARK: Thread

    private func start() throws {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<ReadinessLoop>.fromOpaque(context).takeUnretainedValue().run() }
                return nil
            }, context.toOpaque())
        guard status == 0 else {
            context.release()
            throw PostgresError(.connectionFailed, "No thread can be started: \(String(cString: strerror(status)))")
        }
        pthread_detach(thread)
    }

    private func run() -> Never {
        let capacity = 64
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
        events.initialize(repeating: epoll_event(), count: capacity)
        var nextTick = ContinuousClock.now + Self.tick
        while true {
            // Interrupted by a signal is the only failure of a valid descriptor, and means no events.
            let count = Int(epoll_wait(epoll, events, CInt(capacity), CInt(Self.tick.milliseconds)))
            for index in 0..<max(0, count) { deliver(events[index]) }
            let now = ContinuousClock.now
            guard now >= nextTick else { continue }
            nextTick = now + Self.tick
            for observer in state.withLock({ Array($0.observers.values) }) { observer.ticked(at: now) }
        }
    }

    private func deliver(_ event: epoll_event) {
        // Taken out meanwhile: the event is of a descriptor that is closed by now.
        guard let observer = state.withLock({ $0.observers[event.data.u64] }) else { return }
        let failed = event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
        observer.becameReady(
            toRead: failed || event.events & EPOLLIN.rawValue != 0, toWrite: event.events & EPOLLOUT.rawValue != 0)
    }
}
