import Crypto
import CryptoExtras
public import FoundationEssentials

/// An RSA key that signs tokens, as it is kept. Each signs for a while: from ``signsFrom`` until the next one in line does.
public struct SigningKey: Sendable, Equatable {
    /// The RFC 7638 thumbprint of the public key: the same key has the same name everywhere.
    public let kid: String
    /// The private key (PKCS #1 DER). Secret.
    public let privateKey: [UInt8]
    public let createdAt: Date
    /// From when on it signs. Its public half is published as soon as it is kept, so that whoever verifies knows it by then.
    public let signsFrom: Date
    /// From when on it signs nothing any more, which may be to come; its public half is published until the last token that it signed has
    /// expired. nil: no other key is in line.
    public let retiredAt: Date?

    public init(kid: String, privateKey: [UInt8], createdAt: Date, signsFrom: Date, retiredAt: Date?) {
        self.kid = kid
        self.privateKey = privateKey
        self.createdAt = createdAt
        self.signsFrom = signsFrom
        self.retiredAt = retiredAt
    }

    /// The same key, which signs nothing from an instant on.
    public func retired(at end: Date) -> SigningKey {
        SigningKey(kid: kid, privateKey: privateKey, createdAt: createdAt, signsFrom: signsFrom, retiredAt: end)
    }

    /// Makes a new RSA key of 2048 bits.
    ///
    /// - Parameter signsFrom: nil: at once.
    static func generate(at now: Date, signsFrom: Date? = nil) throws -> SigningKey {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let numbers = try PublicNumbers(key.publicKey)
        return SigningKey(
            kid: numbers.thumbprint, privateKey: Array(key.derRepresentation), createdAt: now, signsFrom: signsFrom ?? now, retiredAt: nil)
    }

    /// Of all keys, the one that signs at an instant: the last that has begun to. Where clocks are apart none may have begun: then it is the first.
    static func signing(at now: Date, of keys: [SigningKey]) -> SigningKey? {
        let begun = keys.filter { $0.signsFrom <= now }
        return begun.max { ($0.signsFrom, $0.retiredAt ?? .distantFuture) < ($1.signsFrom, $1.retiredAt ?? .distantFuture) }
            ?? keys.min { $0.signsFrom < $1.signsFrom }
    }
}

extension SigningKey: CustomStringConvertible {
    public var description: String { "SigningKey(\(kid))" }
}

/// The public half of an RSA key as JOSE writes it (RFC 7518 section 6.3.1).
struct PublicNumbers: Sendable, Equatable {
    /// The modulus, base64url, without leading zeros.
    let n: String
    /// The exponent, base64url.
    let e: String

    init(n: String, e: String) {
        self.n = n
        self.e = e
    }

    init(_ key: _RSA.Signing.PublicKey) throws {
        let primitives = try key.getKeyPrimitives()
        n = Base64URL.encode(primitives.modulus.drop { $0 == 0 })
        e = Base64URL.encode(primitives.publicExponent.drop { $0 == 0 })
    }

    /// SHA-256 over the required members in lexical order (RFC 7638 section 3).
    var thumbprint: String {
        Base64URL.encode(SHA256.hash(data: Data(#"{"e":"\#(e)","kty":"RSA","n":"\#(n)"}"#.utf8)))
    }
}
