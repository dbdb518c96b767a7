import APISupport
import FoundationEssentials
import JWTKit
import Synchronization
import CryptoExtras

/// Signs tokens and publishes keys, as the authorization server does.
actor KeyServer {
    struct Away: Error {}

    private let keys = JWTKeyCollection()
    private let modulusAndExponent: [String: (modulus: String, exponent: String)]
    private var signers: [String: _RSA.Signing.PrivateKey]
    private var published: [String]
    private var isAway = false
    private(set) var fetches = 0

    /// Made once: making RSA keys takes longer than all the tests.
    private static let signingKeys = Result { try (0..<3).map { _ in try _RSA.Signing.PrivateKey(keySize: .bits2048) } }

    /// `firstKey`: which of the three keys the first id gets.
    init(_ ids: [String], published: [String]? = nil, firstKey: Int = 0) throws {
        var parts: [String: (modulus: String, exponent: String)] = [:]
        var signers: [String: _RSA.Signing.PrivateKey] = [:]
        for (index, id) in ids.enumerated() {
            let key = try Self.signingKeys.get()[firstKey + index]
            let primitives = try key.publicKey.getKeyPrimitives()
            parts[id] = (Data64.encode([UInt8](primitives.modulus)), Data64.encode([UInt8](primitives.publicExponent)))
            signers[id] = key
        }
        modulusAndExponent = parts
        self.signers = signers
        self.published = published ?? ids
    }

    func sign(_ claims: Claims, _ id: String) async throws -> String {
        if let signer = signers.removeValue(forKey: id) {
            let key = try JWTKit.Insecure.RSA.PrivateKey(pem: signer.pemRepresentation)
            await keys.add(rsa: key, digestAlgorithm: .sha256, kid: JWKIdentifier(string: id))
        }
        return try await keys.sign(claims, kid: JWKIdentifier(string: id))
    }

    func publish(_ ids: [String]) { published = ids }

    func goAway() { isAway = true }

    /// The key set's JSON (RFC 7517 §5).
    func keySet() throws -> [UInt8] {
        fetches += 1
        if isAway { throw Away() }
        let set = published.compactMap { id in
            modulusAndExponent[id].map { parts -> JSONValue in
                ["kty": "RSA", "use": "sig", "alg": "RS256", "kid": .string(id), "n": .string(parts.modulus), "e": .string(parts.exponent)]
            }
        }
        return JSONWriter.encode(JSONObject([("keys", .array(set))]))
    }
}

struct Claims: JWTPayload {
    var iss: String?
    var sub: String?
    var aud: [String]?
    var exp: Int?
    var nbf: Int?
    // The names are the claims' own.
    var client_id: String?
    var scope: String?
    var type: String?

    func verify(using algorithm: some JWTAlgorithm) throws {}
}

/// Base64 for URLs, unpadded.
enum Data64 {
    static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: Base64.encode(bytes), as: UTF8.self)
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func encode(_ text: String) -> String { encode([UInt8](text.utf8)) }
}

final class Counter: Sendable {
    private let state = Mutex(0)

    var value: Int { state.withLock { $0 } }

    func set(_ value: Int) { state.withLock { $0 = value } }

    @discardableResult
    func increment() -> Int {
        state.withLock { value in
            value += 1
            return value
        }
    }
}
