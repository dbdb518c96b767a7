internal import NIOCore

/// What the task of a connection has of it: each call runs on the event loop, at once when it is made there.
struct HTTPConnectionLink: Sendable {
    private let eventLoop: any EventLoop
    private let connection: NIOLoopBound<HTTPConnection>

    /// To be made on the event loop.
    init(_ connection: HTTPConnection, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.connection = NIOLoopBound(connection, eventLoop: eventLoop)
    }

    /// The next request; nil when there is none to come.
    func next() async -> IncomingRequest? {
        await withCheckedContinuation { waiter in run { $0.next(waiter) } }
    }

    /// Writes a whole answer, and gives the next request.
    func answer(_ head: OutgoingHead, _ body: [UInt8] = []) async -> IncomingRequest? {
        await withCheckedContinuation { waiter in run { $0.answer(head, body, next: waiter) } }
    }

    func start(_ head: OutgoingHead, hasHeartbeat: Bool) { run { $0.start(head, hasHeartbeat: hasHeartbeat) } }

    /// Returns when the peer can take more. Throws when it will not.
    func write(_ bytes: [UInt8]) async throws {
        try await withCheckedThrowingContinuation { writer in run { $0.write(bytes, then: writer) } }
    }

    func end() async -> IncomingRequest? {
        await withCheckedContinuation { waiter in run { $0.end(next: waiter) } }
    }

    func beat() { run { $0.beat() } }

    func abort() { run { $0.abort() } }

    func stop() { run { $0.stop() } }

    func wantsBody() { run { $0.wantsBody() } }

    func resumeBody() { run { $0.resumeBody() } }

    private func run(_ call: @escaping @Sendable (HTTPConnection) -> Void) {
        if eventLoop.inEventLoop {
            call(connection.value)
        } else {
            eventLoop.execute { call(connection.value) }
        }
    }
}
