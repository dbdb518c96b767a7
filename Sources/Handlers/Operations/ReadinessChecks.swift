internal import Coordination
public import Logging
internal import Synchronization

/// Whether a service should get requests: what its checks find, until the process is told to stop.
///
/// All checks run at the same time, each with a deadline, and only when somebody asks; what they found is told again for a while, and whoever
/// asks meanwhile waits for the same run. So probes cannot put load on what is checked. A check's turn to the bad, and back, is logged once.
public final class ReadinessChecks: Sendable {
    /// What a check found.
    struct Result: Sendable {
        var check: ReadinessCheck
        var hasPassed: Bool
    }

    private struct State {
        var isStopping = false
        var last: (results: [Result], at: ContinuousClock.Instant)?
        var failing: Set<String> = []
    }

    private let checks: [ReadinessCheck]
    private let deadline: Duration
    private let maximumAge: Duration
    private let logger: Logger
    private let state = Mutex(State())
    private let flight = SingleFlight<[Result]>()

    /// - Parameters:
    ///   - deadline: How long a check may take; one that takes longer has failed.
    ///   - maximumAge: How long what they found is told again.
    public init(
        _ checks: [ReadinessCheck], deadline: Duration = .seconds(1), maximumAge: Duration = .seconds(1), logger: Logger
    ) {
        self.checks = checks
        self.deadline = deadline
        self.maximumAge = maximumAge
        self.logger = logger
    }

    /// The process stops: from now on the service is not ready, whatever its checks would find.
    public func stop() { state.withLock { $0.isStopping = true } }

    /// What the checks found, in their order; nil once the process has been told to stop.
    ///
    /// - Throws: `CancellationError`.
    func results() async throws -> [Result]? {
        if state.withLock({ $0.isStopping }) { return nil }
        let results = if let recent { recent } else { try await flight.run { try await run() } }
        return state.withLock { $0.isStopping } ? nil : results
    }

    private var recent: [Result]? {
        state.withLock { state in state.last.flatMap { .now - $0.at < maximumAge ? $0.results : nil } }
    }

    private func run() async throws -> [Result] {
        // Whoever led before may just have finished.
        if let recent { return recent }
        let failures = await withTaskGroup(of: (Int, (any Error)?).self) { group in
            for (index, check) in checks.enumerated() { group.addTask { (index, await self.failure(of: check)) } }
            return await group.reduce(into: [Int: any Error]()) { failures, outcome in failures[outcome.0] = outcome.1 }
        }
        // A check that was cancelled has found nothing.
        try Task.checkCancellation()
        for (index, check) in checks.enumerated() { note(failures[index], of: check) }
        let results = checks.enumerated().map { Result(check: $1, hasPassed: failures[$0] == nil) }
        state.withLock { $0.last = (results, .now) }
        return results
    }

    /// nil when it has passed.
    private func failure(of check: ReadinessCheck) async -> (any Error)? {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await check.run() }
                group.addTask { [deadline] in
                    try await Task.sleep(for: deadline)
                    throw DeadlinePassed(deadline: deadline)
                }
                defer { group.cancelAll() }
                try await group.next()
            }
            return nil
        } catch {
            return error
        }
    }

    private func note(_ failure: (any Error)?, of check: ReadinessCheck) {
        let hasChanged = state.withLock { state in
            if failure == nil { state.failing.remove(check.name) != nil } else { state.failing.insert(check.name).inserted }
        }
        guard hasChanged else { return }
        let metadata: Logger.Metadata = ["check": "\(check.name)", "required": "\(check.isRequired)"]
        if let failure {
            logger.warning("A readiness check fails", metadata: metadata.merging(["cause": "\(failure)"]) { $1 })
        } else {
            logger.notice("A readiness check passes again", metadata: metadata)
        }
    }
}

/// A check did not end in time.
private struct DeadlinePassed: Error, CustomStringConvertible {
    let deadline: Duration

    var description: String { "no answer within \(deadline)" }
}
