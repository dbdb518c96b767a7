public import APISupport

/// The time, as the runtime needs it: for people, for deadlines, and to wait.
public protocol RuntimeClock: Sendable {
    /// The present moment.
    func moment() -> Moment

    /// Waits until ``Moment/uptime`` has reached a value.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(until uptime: Duration) async throws
}

/// A moment by both clocks.
public struct Moment: Sendable {
    /// The calendar's time, for what is stored and shown; it may jump.
    public var date: Timestamp
    /// Time since some fixed point; it only grows. Deadlines are measured by it.
    public var uptime: Duration

    public init(date: Timestamp, uptime: Duration) {
        self.date = date
        self.uptime = uptime
    }
}

/// The system's clocks.
public struct SystemRuntimeClock: RuntimeClock {
    private let origin = ContinuousClock.now

    public init() {}

    public func moment() -> Moment { Moment(date: .now(), uptime: origin.duration(to: .now)) }

    public func sleep(until uptime: Duration) async throws {
        try await Task.sleep(until: origin.advanced(by: uptime), tolerance: .milliseconds(1), clock: .continuous)
    }
}
