/// Makes ids that cannot be guessed.
enum Identifier {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Whether an id may have a byte: letters, digits, `_` and `-` only.
    static func isUsable(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || alphabet.contains(byte) }

    /// A prefix and 22 random letters and digits (130 bits of the system's random number generator).
    @Sendable static func make(_ prefix: String) -> String {
        var generator = SystemRandomNumberGenerator()
        return String(unsafeUninitializedCapacity: prefix.utf8.count + 22) { buffer in
            var end = 0
            for byte in prefix.utf8 {
                buffer[end] = byte
                end += 1
            }
            for _ in 0..<22 {
                buffer[end] = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                end += 1
            }
            return end
        }
    }
}
