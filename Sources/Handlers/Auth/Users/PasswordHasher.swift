import APISupport
import Dispatch
import Synchronization

/// Computes password hashes one after the other, on a thread of its own: they take long and must not hold up the threads that everything
/// else runs on. Only so many may wait; more are refused at once, since each would take memory and an attacker could send any number.
actor PasswordHasher {
    private let executor = HashingExecutor()
    private let parameters: PasswordHash.Parameters
    private let nobody: PasswordHash
    private nonisolated let waiting = Mutex(0)
    private nonisolated let capacity: Int

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter capacity: How many may wait or be computed.
    init(parameters: PasswordHash.Parameters, capacity: Int) {
        self.parameters = parameters
        self.capacity = capacity
        nobody = PasswordHash(ofNobody: parameters)
    }

    /// - Returns: The text to keep for a password.
    /// - Throws: `RequestFailure` (unavailable) when too many wait.
    nonisolated func hash(_ password: String) async throws -> String {
        try enter()
        defer { leave() }
        return try await computeHash(password)
    }

    /// Compares a password with a kept text; takes as long when there is none.
    ///
    /// - Throws: `RequestFailure` (unavailable) when too many wait.
    nonisolated func verify(_ password: String, against kept: String?) async throws -> Bool {
        try enter()
        defer { leave() }
        return try await compare(password, kept)
    }

    private func computeHash(_ password: String) throws -> String {
        try Task.checkCancellation()
        return try PasswordHash(hashing: password, parameters: parameters).text
    }

    private func compare(_ password: String, _ kept: String?) throws -> Bool {
        try Task.checkCancellation()
        guard let kept, let hash = PasswordHash(kept) else {
            _ = try nobody.matches(password)
            return false
        }
        return try hash.matches(password)
    }

    private nonisolated func enter() throws {
        let admitted = waiting.withLock { waiting in
            guard waiting < capacity else { return false }
            waiting += 1
            return true
        }
        guard admitted else { throw RequestFailure(.unavailable, detail: "Too many people are signing in at this moment.") }
    }

    private nonisolated func leave() { waiting.withLock { $0 -= 1 } }
}

/// Runs an actor's work on one dispatch queue.
private final class HashingExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "codelab.auth.password-hashing")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}
