internal import HTTPTypes
internal import Synchronization

/// The name of a request in logs, problems and the `X-Request-ID` field.
enum RequestID {
    static let fieldName = HTTPField.Name("X-Request-ID")!

    /// What the request brings along, when it can do no harm in a log; a new one otherwise.
    static func of(_ request: ServerRequest) -> String {
        if let given = request.head.headerFields.value(of: fieldName), (1...128).contains(given.utf8.count), given.utf8.allSatisfy(isSafe) {
            return given
        }
        return make()
    }

    /// 128 bits in hexadecimal that no other request has: those of a counter, mixed with what is random in this process. No secret.
    static func make() -> String {
        let count = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let words = (mix(seed.0 &+ count &* 0x9E37_79B9_7F4A_7C15), mix(seed.1 ^ mix(count)))
        return String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<16 {
                buffer[index] = HexDigits.lower(UInt8(truncatingIfNeeded: words.0 >> UInt64(index * 4)))
                buffer[index + 16] = HexDigits.lower(UInt8(truncatingIfNeeded: words.1 >> UInt64(index * 4)))
            }
            return 32
        }
    }

    private static let counter = Atomic<UInt64>(0)

    private static let seed: (UInt64, UInt64) = {
        var generator = SystemRandomNumberGenerator()
        return (generator.next(), generator.next())
    }()

    /// Every bit of the result depends on every bit of `word`, and no two words have the same (SplitMix64).
    private static func mix(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    private static func isSafe(_ byte: UInt8) -> Bool { PercentEncoding.isUnreserved(byte) || byte == UInt8(ascii: ":") }
}
