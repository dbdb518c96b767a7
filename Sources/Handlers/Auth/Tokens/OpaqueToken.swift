import Crypto
import FoundationEssentials

/// A random value that means something only to the server that issued it. The server keeps its hash, so that a copy of the storage is of no
/// use to anybody.
struct OpaqueToken: Sendable {
    /// 256 random bits as base64url: what the client gets.
    let value: String
    /// What the storage gets.
    var hash: String { Self.hash(value) }

    /// Draws a new one from the system's generator.
    init() {
        var generator = SystemRandomNumberGenerator()
        value = Base64URL.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// SHA-256 as base64url. No salt and no stretching: 256 random bits cannot be guessed.
    static func hash(_ value: String) -> String { Base64URL.encode(SHA256.hash(data: Data(value.utf8))) }
}
