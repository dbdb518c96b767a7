import APISupport
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

    /// The keys as they were kept when they were read last.
    struct Ring: Sendable {
        fileprivate let kept: [SigningKey]
        fileprivate let keys: JWTKeyCollection
        let signingKid: String
        /// The one that signs first.
        let published: [PublishedKey]
        /// Keys for ``TransactionSeal``, derived from the signing keys, so that no secret of their own need be kept.
        let sealKeys: [SymmetricKey]
    }

    /// Seconds after which the keys are read again before something is signed: another one may be in line, or the one that signs revoked.
    static let maximumAge: TimeInterval = 10

    private let repository: any SigningKeyRepository
    private let clock: AuthClock
    /// Seconds that a retired key is still published.
    private let retention: TimeInterval
    private var ring: Ring?
    private var readAt = Date.distantPast
    private var readings = 0
    /// The reading that ``ring`` is of: a slow one does not replace what a later one found.
    private var lastReading = 0

    /// - Parameter retention: ``AuthConfiguration/keyRetention``.
    init(repository: any SigningKeyRepository, retention: TimeInterval, clock: AuthClock) {
        self.repository = repository
        self.retention = retention
        self.clock = clock
    }

    /// Reads the keys; makes the first one when there is none. Of several processes that start at once on one storage, one makes it.
    func load() async throws {
        if try await repository.signingKeys().allSatisfy({ $0.retiredAt != nil }) {
            _ = try await repository.insertFirst(SigningKey.generate(at: clock.now()))
        }
        _ = try await read()
    }

    /// Signs claims with the key whose turn it is (RS256).
    ///
    /// - Parameter type: The `typ` of the header; `at+jwt` for access tokens (RFC 9068 section 2.1).
    func sign(_ claims: some JWTPayload, type: String) async throws -> String {
        let ring = try await current()
        return try await ring.keys.sign(claims, kid: JWKIdentifier(string: ring.signingKid), header: ["typ": .string(type)])
    }

    /// Verifies a token of this server's keys; claims are for the caller to judge.
    func verify<Claims: JWTPayload>(_ token: String, as claims: Claims.Type) async throws -> Claims {
        var ring = try await current()
        // Another replica may have signed it with a key that it has just made.
        if let kid = Self.keyID(of: token), !ring.kept.contains(where: { $0.kid == kid }) { ring = try await reload() }
        return try await ring.keys.verify(token, as: claims)
    }

    /// The keys as they were a short while ago at most.
    func current() async throws -> Ring {
        guard let ring else { throw AuthConfigurationError("The service was not prepared: there are no signing keys.") }
        let age = clock.now().timeIntervalSince(readAt)
        return (0..<Self.maximumAge).contains(age) ? ring : try await reload()
    }

    /// The keys as they are now; as they were known last when the storage cannot be read.
    func reload() async throws -> Ring {
        do {
            return try await read()
        } catch {
            try Task.checkCancellation()
            guard let ring else { throw error }
            return ring
        }
    }

    private func read() async throws -> Ring {
        readings += 1
        let (reading, now) = (readings, clock.now())
        let all = try await repository.signingKeys()
        let limit = now.addingTimeInterval(-retention)
        let kept = all.filter { $0.retiredAt.map { $0 >= limit } ?? true }
        let signing = SigningKey.signing(at: now, of: kept)
        let found =
            if let ring, ring.kept == kept, ring.signingKid == signing?.kid { ring } else {
                try await Self.makeRing(kept, signing: signing)
            }
        if kept.count < all.count { await forgetKeys(retiredBefore: limit) }
        guard reading > lastReading else { return found }
        (lastReading, readAt, ring) = (reading, now, found)
        if let signing { AuthMetrics.shared.signs(with: signing) }
        return found
    }

    /// A private key that nothing needs any more is a danger for nothing. Whoever reads next tries again if this fails.
    private func forgetKeys(retiredBefore limit: Date) async { try? await repository.removeKeys(retiredBefore: limit) }

    /// The `kid` of a token's header, not verified.
    private static func keyID(of token: String) -> String? {
        guard token.utf8.count <= 8192, let header = token.split(separator: ".").first, let bytes = Base64URL.decode(String(header)) else {
            return nil
        }
        return try? JSONReader.decode(JSONObject.self, from: bytes)["kid"]?.stringValue
    }

    private static func makeRing(_ kept: [SigningKey], signing: SigningKey?) async throws -> Ring {
        guard let signing else { throw AuthConfigurationError("The storage has no signing key.") }
        // The one that signs, then the youngest.
        let sorted = [signing] + kept.filter { $0.kid != signing.kid }
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
        return Ring(kept: kept, keys: collection, signingKid: signing.kid, published: published, sealKeys: sealKeys)
    }
}
