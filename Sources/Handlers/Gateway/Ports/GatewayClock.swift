public import APISupport

/// The wall clock, by which tokens expire.
public protocol GatewayClock: Sendable {
    /// Returns when `instant` has come. Throws `CancellationError` when the task is cancelled.
    func wait(until instant: Timestamp) async throws
}

/// The system's clock.
public struct SystemGatewayClock: GatewayClock {
    /// The longest single wait: the system's clock may be set, or the machine be asleep, meanwhile.
    private static let step: Int64 = 30

    public init() {}

    /// Returns when the system's clock has reached `instant`, at most a second late.
    public func wait(until instant: Timestamp) async throws {
        while true {
            let now = Timestamp.now()
            guard now < instant else { return }
            let seconds = instant.secondsSinceEpoch - now.secondsSinceEpoch
            try await Task.sleep(for: .seconds(min(max(seconds, 1), Self.step)))
        }
    }
}
