import Crypto
import CryptoExtras
import FoundationEssentials

/// A password's scrypt hash (RFC 7914) with all that is needed to compare: `$scrypt$ln=15,r=8,p=1$salt$digest`, salt and digest base64url.
struct PasswordHash: Sendable, Equatable {
    /// What a guess costs.
    struct Parameters: Sendable, Equatable {
        /// The binary logarithm of N.
        let logN: Int
        let blockSize: Int
        let parallelism: Int

        /// Larger ones in a stored text are not computed: it would take memory without bound.
        var isAcceptable: Bool { (1...20).contains(logN) && (1...32).contains(blockSize) && (1...16).contains(parallelism) }
    }

    let parameters: Parameters
    let salt: [UInt8]
    let digest: [UInt8]

    private static let digestLength = 32

    /// Hashes a password with a new salt. Takes a tenth of a second and much memory on purpose.
    init(hashing password: String, parameters: Parameters) throws {
        var generator = SystemRandomNumberGenerator()
        salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        self.parameters = parameters
        digest = try Self.derive(password, salt, parameters)
    }

    /// Stands for the hash of an unknown user: comparing with it takes as long as with any, and never holds.
    init(ofNobody parameters: Parameters) {
        var generator = SystemRandomNumberGenerator()
        self.parameters = parameters
        salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        digest = (0..<Self.digestLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Reads a stored text.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        let settings = parts[2].split(separator: ",").map { $0.split(separator: "=") }
        guard settings.count == 3, settings.allSatisfy({ $0.count == 2 }), settings.map({ String($0[0]) }) == ["ln", "r", "p"],
            let logN = Int(settings[0][1]), let blockSize = Int(settings[1][1]), let parallelism = Int(settings[2][1]),
            let salt = Base64URL.decode(String(parts[3])), let digest = Base64URL.decode(String(parts[4])), !digest.isEmpty
        else { return nil }
        parameters = Parameters(logN: logN, blockSize: blockSize, parallelism: parallelism)
        guard parameters.isAcceptable, digest.count == Self.digestLength else { return nil }
        self.salt = salt
        self.digest = digest
    }

    var text: String {
        "$scrypt$ln=\(parameters.logN),r=\(parameters.blockSize),p=\(parameters.parallelism)"
            + "$\(Base64URL.encode(salt))$\(Base64URL.encode(digest))"
    }

    func matches(_ password: String) throws -> Bool {
        constantTimeEqual(try Self.derive(password, salt, parameters), digest)
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ parameters: Parameters) throws -> [UInt8] {
        let memory = 128 * parameters.blockSize * (1 << parameters.logN)
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.utf8), salt: Data(salt), outputByteCount: digestLength, rounds: 1 << parameters.logN,
            blockSize: parameters.blockSize, parallelism: parameters.parallelism, maxMemory: 2 * memory + (1 << 20)
        )
        return key.withUnsafeBytes { Array($0) }
    }
}
