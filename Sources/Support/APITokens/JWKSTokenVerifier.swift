public import APISupport
internal import FoundationEssentials
internal import HTTPTypes
internal import JWTKit
public import Logging

/// Verifies access tokens: JWTs signed with RS256 by a key of a published key set (RFC 7519, RFC 7517, RFC 9068).
///
/// Only RS256 is accepted, whatever a token's header says, and only keys that the set holds: a token chooses neither.
public struct JWKSTokenVerifier: Sendable {
    /// What tokens must say.
    public struct Expectations: Sendable {
        /// `iss`.
        public var issuer: String
        /// One of `aud`; nil: not checked.
        public var audience: String?
        /// How far clocks may be apart.
        public var leeway: Duration

        public init(issuer: String, audience: String?, leeway: Duration = .seconds(30)) {
            self.issuer = issuer
            self.audience = audience
            self.leeway = leeway
        }
    }

    /// Longest token that is looked at, in bytes.
    public static let maximumTokenLength = 8_192

    private let expectations: Expectations
    private let keys: SigningKeys
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - maximumKeyAge: Age at which the key set is fetched anew: so long a key that was taken out of it is still good here.
    ///   - minimumFetchInterval: Time between two fetches because of a key that is not in the set.
    ///   - fetchKeySet: Gives the key set's JSON; must end by itself.
    public init(
        _ expectations: Expectations, maximumKeyAge: Duration = .seconds(60), minimumFetchInterval: Duration = .seconds(10),
        logger: Logger = Logger(label: "codelab.tokens"), now: @escaping @Sendable () -> Timestamp = { .now() },
        fetchKeySet: @escaping @Sendable () async throws -> [UInt8]
    ) {
        self.expectations = expectations
        self.now = now
        keys = SigningKeys(maximumAge: maximumKeyAge, minimumInterval: minimumFetchInterval, logger: logger, fetch: fetchKeySet)
    }

    /// Who the token is for.
    ///
    /// Throws ``RequestFailure`` `unauthenticated` with a `WWW-Authenticate` challenge (RFC 6750 §3.1) when the token is not good,
    /// `forbidden` when it lacks one of `scopes`, `unavailable` when the keys cannot be had.
    public func verify(_ token: String, scopes: [String] = []) async throws -> Principal {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= Self.maximumTokenLength, parts.count == 3, let header = Base64URL.decode(parts[0]),
            let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
        else { throw Self.invalidToken("The token is not a signed JWT.") }
        try await verifySignature(signature, of: parts[0] + "." + parts[1], header: header)
        let principal = try principal(from: payload, token: token)
        try principal.requireScopes(scopes)
        return principal
    }

    /// Returns when there are keys to check tokens with; fetches them when there are none yet. Throws when they cannot be had.
    ///
    /// Keys that were had once stay good enough while the key server is away.
    public func requireKeys() async throws { try await keys.require() }

    private func verifySignature(_ signature: [UInt8], of text: String, header bytes: [UInt8]) async throws {
        let header: TokenHeader
        do {
            header = try JSONReader.decode(TokenHeader.self, from: bytes)
        } catch {
            throw Self.invalidToken("The token's header cannot be read.", cause: error)
        }
        guard header.algorithm == "RS256", !header.isCritical, let keyID = header.keyID else {
            throw Self.invalidToken("The token is not signed in the expected way.")
        }
        let key: (any JWTAlgorithm)?
        do {
            key = try await keys.key(keyID)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw RequestFailure(.unavailable, detail: "The token cannot be checked at the moment.", cause: error)
        }
        guard let key else { throw Self.invalidToken("The token is signed with an unknown key.") }
        let isGood: Bool
        do {
            isGood = try key.verify(signature, signs: [UInt8](text.utf8))
        } catch {
            throw Self.invalidToken("The token's signature is not good.", cause: error)
        }
        guard isGood else { throw Self.invalidToken("The token's signature is not good.") }
    }

    private func principal(from payload: [UInt8], token: String) throws(RequestFailure) -> Principal {
        let claims: TokenClaims
        do {
            claims = try JSONReader.decode(TokenClaims.self, from: payload)
        } catch {
            throw Self.invalidToken("The token's claims cannot be read.", cause: error)
        }
        let now = Double(now().secondsSinceEpoch)
        let leeway = Double(expectations.leeway.components.seconds)
        guard claims.issuer == expectations.issuer else { throw Self.invalidToken("The token is from another issuer.") }
        if let audience = expectations.audience, !claims.audiences.contains(audience) {
            throw Self.invalidToken("The token is for another audience.")
        }
        guard let expiresAt = claims.expiresAt, now < expiresAt + leeway else { throw Self.invalidToken("The token has expired.") }
        if let notBefore = claims.notBefore, now < notBefore - leeway { throw Self.invalidToken("The token is not valid yet.") }
        if let type = claims.type, type != "access" { throw Self.invalidToken("The token is no access token.") }
        guard let subject = claims.subject, !subject.isEmpty else { throw Self.invalidToken("The token names no subject.") }
        let scopes = (claims.scope ?? "").split(separator: " ").map(String.init)
        return Principal(
            subject: subject, clientID: claims.clientID, scopes: Set(scopes),
            expiresAt: Int64(exactly: expiresAt.rounded(.down)).map { Timestamp(secondsSinceEpoch: $0) }, token: token)
    }

    /// RFC 6750 §3.1. `detail` is one of the texts above: it needs no quoting.
    private static func invalidToken(_ detail: String, cause: (any Error)? = nil) -> RequestFailure {
        var failure = RequestFailure(.unauthenticated, detail: detail, cause: cause)
        failure.headerFields[.wwwAuthenticate] = "Bearer error=\"invalid_token\", error_description=\"\(detail)\""
        return failure
    }
}
