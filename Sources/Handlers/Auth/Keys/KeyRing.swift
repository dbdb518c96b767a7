import Crypto
import CryptoExtras
import FoundationEssentials
import JWTKit

/// The keys in use: one signs, all verify.
actor KeyRing {
    /// A key that may be published.
    struct PublishedKey: Sendable, Equatable {
        let kid: String
        let numbers: PublicNumbers
    }

    private struct Ring {
        let activeKid: String
        let published: [PublishedKey]
        let sealKeys: [SymmetricKey]
        let keys: JWTKeyCollection
    }

    private let repository: any SigningKeyRepository
    private let clock: AuthClock
    /// Seconds that a retired key is still needed: as long as the tokens that it signed are valid.
    private let retention: TimeInterval
    private var ring: Ring?

    init(repository: any SigningKeyRepository, retention: TimeInterval, clock: AuthClock) {
        self.repository = repository
        self.retention = retention
        self.clock = clock
    }

    /// Reads the keys; makes the first one when there is none. Of several processes that start at once on one storage, one makes it.
    func load() async throws {
        var kept = try await repository.signingKeys()
        if !kept.contains(where: { $0.retiredAt == nil }) {
            _ = try await repository.insertFirst(SigningKey.generate(at: clock.now()))
            kept = try await repository.signingKeys()
        }
        ring = try await Self.makeRing(kept)
    }

    /// Makes a new active key. Tokens of the previous one stay valid until they expire.
    func rotate() async throws {
        let now = clock.now()
        try await repository.rotate(
            to: SigningKey.generate(at: now), at: now, removingRetiredBefore: now.addingTimeInterval(-retention)
        )
        ring = try await Self.makeRing(repository.signingKeys())
    }

    /// Signs claims with the active key (RS256).
    ///
    /// - Parameter type: The `typ` of the header; `at+jwt` for access tokens (RFC 9068 section 2.1).
    func sign(_ claims: some JWTPayload, type: String) async throws -> String {
        let ring = try loaded()
        return try await ring.keys.sign(claims, kid: JWKIdentifier(string: ring.activeKid), header: ["typ": .string(type)])
    }

    /// Verifies a token of this server's keys; claims are for the caller to judge.
    func verify<Claims: JWTPayload>(_ token: String, as claims: Claims.Type) async throws -> Claims {
        try await loaded().keys.verify(token, as: claims)
    }

    /// The public keys, the active one first.
    func published() throws -> [PublishedKey] { try loaded().published }

    /// Keys for ``TransactionSeal``, derived from the signing keys, so that no secret of their own need be kept.
    func sealKeys() throws -> [SymmetricKey] { try loaded().sealKeys }

    private func loaded() throws -> Ring {
        guard let ring else { throw AuthConfigurationError("The service was not prepared: there are no signing keys.") }
        return ring
    }

    private static func makeRing(_ kept: [SigningKey]) async throws -> Ring {
        // The active key first, then the youngest.
        let sorted = kept.filter { $0.retiredAt == nil } + kept.filter { $0.retiredAt != nil }
        guard let active = sorted.first, active.retiredAt == nil else {
            throw AuthConfigurationError("The storage has no active signing key.")
        }
        let collection = JWTKeyCollection()
        var published: [PublishedKey] = []
        var sealKeys: [SymmetricKey] = []
        for key in sorted {
            let privateKey = try _RSA.Signing.PrivateKey(derRepresentation: key.privateKey)
            await collection.add(
                rsa: try Insecure.RSA.PrivateKey(backing: privateKey), digestAlgorithm: .sha256, kid: JWKIdentifier(string: key.kid)
            )
            published.append(PublishedKey(kid: key.kid, numbers: try PublicNumbers(privateKey.publicKey)))
            sealKeys.append(
                HKDF<SHA256>.deriveKey(
                    inputKeyMaterial: SymmetricKey(data: key.privateKey), info: Data("codelab sign-in transaction".utf8),
                    outputByteCount: 32
                )
            )
        }
        return Ring(activeKid: active.kid, published: published, sealKeys: sealKeys, keys: collection)
    }
}
