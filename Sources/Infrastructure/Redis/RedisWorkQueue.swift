public import Coordination
public import RedisClient

/// A queue that all replicas share. The time is the server's.
///
/// Whether jobs survive the server's end is the server's matter: with `appendonly yes` and `appendfsync always` they do.
public struct RedisWorkQueue: WorkQueue {
    private let client: RedisClient
    private let keys: [String]
    private let limits: WorkQueueLimits
    private let now: (@Sendable () -> Int64)?

    /// - Parameters:
    ///   - name: The queue's, 1 to 512 bytes.
    ///   - prefix: Of the keys in Redis.
    ///   - now: For tests: microseconds since some fixed point, in place of the server's clock.
    /// - Throws: ``CoordinationNameFailure``.
    public init(
        _ client: RedisClient, name: String, limits: WorkQueueLimits = WorkQueueLimits(), prefix: String = "codelab:queue:",
        now: (@Sendable () -> Int64)? = nil
    ) throws(CoordinationNameFailure) {
        try CoordinationNameFailure.check(name)
        self.client = client
        self.limits = limits
        self.now = now
        keys = RedisWorkQueueScripts.keys.map { "\(prefix)\($0)=\(name)" }
    }

    @discardableResult
    public func put(_ payload: [UInt8]) async throws -> String {
        try limits.check(payload)
        let answer = try await run(RedisWorkQueueScripts.put, [.integer(limits.capacity), .bytes(payload)])
        if answer.isNull { throw WorkQueueFailure.full }
        return try Self.text(answer)
    }

    public func take(_ count: Int, for visibility: Duration, wait: Duration) async throws -> [Job] {
        let count = max(1, min(count, limits.maximumBatch))
        let deadline = ContinuousClock.now + min(max(wait, .zero), RedisWait.longest)
        while true {
            let answer = try await run(
                RedisWorkQueueScripts.take,
                [
                    .integer(count), .integer(max(1000, visibility.microseconds)), .integer(limits.maximumAttempts),
                    .integer(limits.deadLetterCapacity),
                ])
            guard let parts = answer.array, parts.count == 3, let list = parts[0].array else { throw Self.unexpected }
            if !list.isEmpty { return try list.map(Self.job) }
            var left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return [] }
            if let next = parts[2].integer, next >= 0 { left = min(left, .microseconds(next)) }
            let bell = try Self.text(parts[1])
            _ = try await RedisWait.entries(of: keys[RedisWorkQueueScripts.bell], after: bell, count: 1, for: left, on: client)
        }
    }

    public func extend(_ job: Job, for visibility: Duration) async throws -> Bool {
        let end = max(1000, visibility.microseconds)
        return try await run(RedisWorkQueueScripts.extend, [.text(job.id), .integer(job.attempt), .integer(end)]).integer == 1
    }

    @discardableResult
    public func complete(_ job: Job) async throws -> Bool {
        try await run(RedisWorkQueueScripts.complete, [.text(job.id), .integer(job.attempt)]).integer == 1
    }

    @discardableResult
    public func giveBack(_ job: Job) async throws -> Bool {
        let pause = max(0, limits.backoff(after: job.attempt).microseconds)
        let arguments: [RedisArgument] = [
            .text(job.id), .integer(job.attempt), .integer(pause), .integer(limits.maximumAttempts), .integer(limits.deadLetterCapacity),
        ]
        return try await run(RedisWorkQueueScripts.giveBack, arguments).integer == 1
    }

    public func deadLetters(_ count: Int) async throws -> [Job] {
        let count = max(0, min(count, limits.maximumBatch))
        guard count > 0 else { return [] }
        guard let list = try await run(RedisWorkQueueScripts.deadLetters, [.integer(count)]).array else { throw Self.unexpected }
        return try list.map(Self.job)
    }

    public func revive(deadLetter id: String) async throws -> String? {
        let answer = try await run(RedisWorkQueueScripts.revive, [.text(id), .integer(limits.capacity)])
        if answer.isNull { return nil }
        if answer.integer == 0 { throw WorkQueueFailure.full }
        return try Self.text(answer)
    }

    @discardableResult
    public func discard(deadLetter id: String) async throws -> Bool {
        try await run(RedisWorkQueueScripts.discard, [.text(id)]).integer == 1
    }

    public func counts() async throws -> WorkQueueCounts {
        guard let counts = try await run(RedisWorkQueueScripts.counts, []).array?.compactMap(\.integer), counts.count == 3 else {
            throw Self.unexpected
        }
        return WorkQueueCounts(waiting: Int(counts[0]), taken: Int(counts[1]), dead: Int(counts[2]))
    }

    /// The first argument of every script is the time.
    private func run(_ script: RedisScript, _ arguments: [RedisArgument]) async throws -> RedisValue {
        let time: RedisArgument = now.map { .integer($0()) } ?? ""
        return try await script.run(on: client, keys: keys, arguments: [time] + arguments)
    }

    // MARK: Answers

    private static func job(_ value: RedisValue) throws -> Job {
        guard let parts = value.array, parts.count == 3, let payload = parts[1].bytes, let attempt = parts[2].integer else {
            throw unexpected
        }
        return Job(id: try text(parts[0]), payload: payload, attempt: Int(clamping: attempt))
    }

    private static func text(_ value: RedisValue) throws -> String {
        guard let text = value.text else { throw unexpected }
        return text
    }

    private static var unexpected: RedisError {
        RedisError(.unexpectedReply, "The server's answer about a queue is not what it should be")
    }
}
