import Crypto
import FoundationEssentials

/// Proof Key for Code Exchange (RFC 7636) with the method S256, the only one here.
enum ProofKey {
    static let method = "S256"

    /// Whether a text can be a challenge: 32 bytes as base64url.
    static func isChallenge(_ text: String) -> Bool { Base64URL.decode(text)?.count == SHA256.byteCount }

    /// Whether a text can be a verifier: 43 to 128 unreserved characters (section 4.1).
    static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-._~".utf8.contains($0)
            }
    }

    /// Whether a verifier belongs to a challenge (section 4.6).
    static func verifier(_ verifier: String, matches challenge: String) -> Bool {
        let computed = Base64URL.encode(SHA256.hash(data: Data(verifier.utf8)))
        return constantTimeEqual(Array(computed.utf8), Array(challenge.utf8))
    }
}
