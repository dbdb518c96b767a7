import Crypto
import FoundationEssentials

/// The secret that binds an authorization code to the client that asked for it (RFC 7636).
struct ProofKey: Sendable {
    /// 43 characters from 32 random bytes (§4.1).
    let verifier: String

    init() { verifier = Self.random() }

    /// BASE64URL(SHA256(verifier)) (§4.2, S256).
    var challenge: String { Self.base64URL(Data(SHA256.hash(data: Data(verifier.utf8)))) }

    /// 256 random bits; also for `state`.
    static func random() -> String { SymmetricKey(size: .bits256).withUnsafeBytes { base64URL(Data($0)) } }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
