public import APISupport
internal import Coordination
internal import Synchronization

/// An access token and its end.
public struct AccessToken: Sendable, Equatable {
    public var token: String
    public var expiresAt: Timestamp

    public init(token: String, expiresAt: Timestamp) {
        self.token = token
        self.expiresAt = expiresAt
    }
}

extension AccessToken: CustomStringConvertible, CustomReflectable {
    /// Without the token.
    public var description: String { "AccessToken(expires: \(expiresAt))" }

    public var customMirror: Mirror { Mirror(self, children: ["expiresAt": expiresAt]) }
}

/// A service's own credential (RFC 6749 §4.4): fetched when it is first needed and again before it ends, by one caller for all.
public struct ClientCredentialsProvider: CredentialProvider {
    private let scheme: String?
    private let refreshBefore: Duration
    private let now: @Sendable () -> Timestamp
    private let fetch: @Sendable () async throws -> AccessToken
    private let cache = Cache()

    private final class Cache: Sendable {
        let token = Mutex<AccessToken?>(nil)
        let flight = SingleFlight<AccessToken>()
    }

    /// - Parameters:
    ///   - scheme: The only security scheme it is for; nil: any.
    ///   - refreshBefore: How long before its end a token is replaced.
    ///   - fetch: Asks the authorization server for a token; must end by itself.
    public init(
        scheme: String? = nil, refreshBefore: Duration = .seconds(30), now: @escaping @Sendable () -> Timestamp = { .now() },
        fetch: @escaping @Sendable () async throws -> AccessToken
    ) {
        self.scheme = scheme
        self.refreshBefore = refreshBefore
        self.now = now
        self.fetch = fetch
    }

    public func credential(scheme: String) async throws -> String? {
        guard self.scheme.map({ $0 == scheme }) ?? true else { return nil }
        return try await token()
    }

    /// What to send in place of a token that was refused.
    func replacement(of refused: String) async throws -> String {
        cache.token.withLock { if $0?.token == refused { $0 = nil } }
        return try await token()
    }

    private func token() async throws -> String {
        if let token = current { return token.token }
        let token = try await cache.flight.run {
            // Another caller may have been faster.
            if let token = current { return token }
            let token = try await fetch()
            cache.token.withLock { $0 = token }
            return token
        }
        return token.token
    }

    private var current: AccessToken? {
        cache.token.withLock { token in
            token.flatMap { now().advanced(by: refreshBefore) < $0.expiresAt ? $0 : nil }
        }
    }
}
