internal import APISupport
internal import Coordination
internal import FoundationEssentials
internal import JWTKit
internal import Logging
internal import Synchronization

/// The keys that a token may be signed with, fetched when they are needed and kept for a while.
final class SigningKeys: Sendable {
    private struct State {
        var keys: [String: any JWTAlgorithm] = [:]
        var fetchedAt: ContinuousClock.Instant?
        var triedAt: ContinuousClock.Instant?
    }

    /// Age at which keys are fetched anew, so that one taken back does not count for ever.
    private let maximumAge: Duration
    /// Time between two fetches for unknown keys: tokens with made-up key ids must not become a flood on the key server.
    private let minimumInterval: Duration
    private let fetch: @Sendable () async throws -> [UInt8]
    private let logger: Logger
    private let state = Mutex(State())
    private let flight = SingleFlight<Void>()

    init(
        maximumAge: Duration, minimumInterval: Duration, logger: Logger, fetch: @escaping @Sendable () async throws -> [UInt8]
    ) {
        self.maximumAge = maximumAge
        self.minimumInterval = minimumInterval
        self.logger = logger
        self.fetch = fetch
    }

    /// The key with that id; nil when there is none. Throws when no keys could be had at all.
    func key(_ id: String) async throws -> (any JWTAlgorithm)? {
        let (known, isFresh) = state.withLock { state in
            (state.keys[id], state.fetchedAt.map { .now - $0 < maximumAge } ?? false)
        }
        if let known, isFresh { return known }
        do {
            try await flight.run { try await refreshIfDue() }
        } catch {
            // Keys at hand stay good when the key server is away for a moment.
            guard let known else { throw error }
            logger.warning("signing keys could not be fetched; the old ones are used", metadata: ["error": "\(error)"])
            return known
        }
        return state.withLock { $0.keys[id] }
    }

    /// Returns when there are keys, of whatever age. Throws when none could be had.
    func require() async throws {
        if !state.withLock({ $0.keys.isEmpty }) { return }
        try await flight.run { try await refreshIfDue() }
        if state.withLock({ $0.keys.isEmpty }) { throw KeysUnavailable() }
    }

    /// Fetches the keys, unless that was done or tried only just now.
    private func refreshIfDue() async throws {
        let (isDue, hasKeys) = state.withLock { state in
            let hasKeys = state.fetchedAt != nil
            let interval = hasKeys ? minimumInterval : Self.retryInterval
            let isDue = state.triedAt.map { .now - $0 >= interval } ?? true
            if isDue { state.triedAt = .now }
            return (isDue, hasKeys)
        }
        guard isDue else {
            if hasKeys { return }
            throw KeysUnavailable()
        }
        let keys = try await Self.keys(in: try await fetch())
        state.withLock { state in
            state.keys = keys
            state.fetchedAt = .now
        }
    }

    /// Time between two attempts while there are no keys at all.
    private static let retryInterval: Duration = .seconds(1)

    /// There are no keys, and the last attempt to get some failed only just now.
    struct KeysUnavailable: Error {}

    /// The RSA keys for signatures in a key set (RFC 7517); others are passed over.
    private static func keys(in json: [UInt8]) async throws -> [String: any JWTAlgorithm] {
        let set = try JSONDecoder().decode(JWKS.self, from: Data(json))
        var keys: [String: any JWTAlgorithm] = [:]
        for key in set.keys where key.keyType == .rsa {
            guard let id = key.keyIdentifier, key.algorithm == nil || key.algorithm == .rs256 else { continue }
            let collection = JWTKeyCollection()
            try await collection.add(jwk: key)
            keys[id.string] = try await collection.getKey(for: id, alg: "RS256")
        }
        return keys
    }
}
