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
        let activeKid: String
        /// The active one first.
        let published: [PublishedKey]
        /// Keys for ``TransactionSeal``, derived from the signing keys, so that no secret of their own need be kept.
        let sealKeys: [SymmetricKey]
    }

    /// Seconds after which the keys are read again before something is signed: another replica may have retired the active one.
    static let maximumAge: TimeInterval = 10

    private let repository: any SigningKeyRepository
    private let clock: AuthClock
    /// Seconds that a retired key is still needed.
    private let retention: TimeInterval
    private var ring: Ring?
    private var readAt = Date.distantPast
    private var readings = 0
    /// The reading that ``ring`` is of: a slow one does not replace what a later one found.
    private var lastReading = 0

    /// - Parameter retention: Seconds that tokens and seals of a key are valid: so long it is kept when it is retired.
    init(repository: any SigningKeyRepository, retention: TimeInterval, clock: AuthClock) {
        self.repository = repository
        self.retention = retention + Self.maximumAge
        self.clock = clock
    }

    /// Reads the keys; makes the first one when there is none. Of several processes that start at once on one storage, one makes it.
    func load() async throws {
        if try await repository.signingKeys().allSatisfy({ $0.retiredAt != nil }) {
            _ = try await repository.insertFirst(SigningKey.generate(at: clock.now()))
        }
        _ = try await read()
    }

    /// Makes a new active key. Tokens of the previous one stay valid until they expire.
    func rotate() async throws {
        let now = clock.now()
        try await repository.rotate(
            to: SigningKey.generate(at: now), at: now, removingRetiredBefore: now.addingTimeInterval(-retention)
        )
        _ = try await read()
    }

    /// Signs claims with the active key (RS256).
    ///
    /// - Parameter type: The `typ` of the header; `at+jwt` for access tokens (RFC 9068 section 2.1).
    func sign(_ claims: some JWTPayload, type: String) async throws -> String {
        let ring = try await current()
        return try await ring.keys.sign(claims, kid: JWKIdentifier(string: ring.activeKid), header: ["typ": .string(type)])
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
        let kept = try await repository.signingKeys()
        let found = if let ring, ring.kept == kept { ring } else { try await Self.makeRing(kept) }
        guard reading > lastReading else { return found }
        (lastReading, readAt, ring) = (reading, now, found)
        return found
    }

    /// The `kid` of a token's header, not verified.
    private static func keyID(of token: String) -> String? {
        guard token.utf8.count <= 8192, let header = token.split(separator: ".").first, let bytes = Base64URL.decode(String(header)) else {
            return nil
        }
        return try? JSONReader.decode(JSONObject.self, from: bytes)["kid"]?.stringValue
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
        return Ring(kept: kept, keys: collection, activeKid: active.kid, published: published, sealKeys: sealKeys)
    }
}
