public import FoundationEssentials

/// What an operator does about the signing keys, on the storage itself: the replicas of the service find it there within ten seconds.
public struct SigningKeyRotation: Sendable {
    /// A key as it may be shown.
    public struct Key: Sendable, Equatable {
        public enum State: String, Sendable {
            /// Published, and signs nothing yet.
            case next
            case signing
            /// Signs nothing any more, and published until its tokens have expired.
            case retired
        }

        public let kid: String
        public let state: State
        public let createdAt: Date
        public let signsFrom: Date
        /// nil: no other key is in line.
        public let signsUntil: Date?
        /// nil: as long as it signs, and then until its tokens have expired.
        public let publishedUntil: Date?
    }

    /// What became of a rotation.
    public enum Outcome: Sendable, Equatable {
        /// The new key is published, and signs from its time on.
        case rotated(Key)
        /// The last key in line is younger than was asked for: nothing was changed.
        case notDue(Key)
        /// A key waits for its time already: nothing was changed.
        case underWay(Key)
    }

    /// Seconds between the publication of a key and its first signature, where nothing else is said. Caches may keep the key set for five minutes
    /// (its `Cache-Control`); an hour is enough for those that keep it longer than they may.
    public static let standardLead: TimeInterval = 3600

    private let repository: any SigningKeyRepository
    private let retention: TimeInterval
    private let clock: AuthClock

    /// - Parameter configuration: That of the service: how long a retired key is published depends on it.
    public init(repository: any SigningKeyRepository, configuration: AuthConfiguration, clock: AuthClock = .system) {
        self.repository = repository
        retention = configuration.keyRetention
        self.clock = clock
    }

    /// All keys, the youngest first.
    public func keys() async throws -> [Key] {
        let now = clock.now()
        let kept = try await repository.signingKeys()
        return kept.map { key($0, at: now, of: kept) }
    }

    /// Puts a new key in line, after the last one.
    ///
    /// - Parameters:
    ///   - lead: Seconds that it is published before it signs.
    ///   - age: Seconds that the last key in line must be old, for rotations by a timetable.
    /// - Throws: ``AuthConfigurationError`` when there is no key yet; what the storage throws.
    public func rotate(lead: TimeInterval = Self.standardLead, ifOlderThan age: TimeInterval = 0) async throws -> Outcome {
        let now = clock.now()
        let last = try await last()
        if now.timeIntervalSince(last.createdAt) < age { return .notDue(key(last, at: now, of: [last])) }
        if last.signsFrom > now { return .underWay(key(last, at: now, of: [last])) }
        let next = try SigningKey.generate(at: now, signsFrom: now.addingTimeInterval(lead))
        guard try await repository.append(next, after: last.kid) else {
            // Somebody else has done it since.
            return .underWay(key(try await self.last(), at: now, of: []))
        }
        return .rotated(key(next, at: now, of: [last, next]))
    }

    /// Puts a new key in place of all others, at once: what those have signed is good for nothing any more.
    public func revokeAll() async throws -> Key {
        let now = clock.now()
        let only = try SigningKey.generate(at: now)
        try await repository.replaceAll(with: only)
        return key(only, at: now, of: [only])
    }

    private func last() async throws -> SigningKey {
        guard let last = try await repository.signingKeys().first(where: { $0.retiredAt == nil }) else {
            throw AuthConfigurationError("There is no signing key: the auth service makes the first one when it starts.")
        }
        return last
    }

    private func key(_ key: SigningKey, at now: Date, of all: [SigningKey]) -> Key {
        let state: Key.State =
            if key.kid == SigningKey.signing(at: now, of: all)?.kid { .signing } else if key.signsFrom > now { .next } else { .retired }
        return Key(
            kid: key.kid, state: state, createdAt: key.createdAt, signsFrom: key.signsFrom, signsUntil: key.retiredAt,
            publishedUntil: key.retiredAt?.addingTimeInterval(retention))
    }
}
