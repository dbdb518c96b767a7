import APISupport

/// Ends a connection whose token has expired. A turn that runs is let finish, but not for ever: nobody should lose an answer because a token
/// ended in the middle of it, and nobody should keep a connection by keeping a turn waiting.
struct TokenExpiry: Sendable {
    let expiresAt: Timestamp
    let grace: Duration
    let clock: any GatewayClock
    let turns: RunningTurns

    /// Waits, then throws ``SessionEnd/tokenExpired``.
    func run() async throws {
        try await clock.wait(until: expiresAt)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { await turns.untilNone() }
            group.addTask { try await clock.wait(until: expiresAt.advanced(by: grace)) }
            try await group.next()
        }
        throw SessionEnd.tokenExpired
    }
}
