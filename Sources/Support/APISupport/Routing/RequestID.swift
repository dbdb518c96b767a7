internal import HTTPTypes

/// The name of a request in logs, problems and the `X-Request-ID` field.
enum RequestID {
    static let fieldName = HTTPField.Name("X-Request-ID")!

    /// What the request brings along, when it can do no harm in a log; a new one otherwise.
    static func of(_ request: ServerRequest) -> String {
        if let given = request.head.headerFields[fieldName], (1...128).contains(given.utf8.count), given.utf8.allSatisfy(isSafe) {
            return given
        }
        return make()
    }

    /// 128 random bits, in hexadecimal.
    static func make() -> String {
        // Each call of the generator asks the kernel: two calls, not sixteen.
        var generator = SystemRandomNumberGenerator()
        let words = (generator.next() as UInt64, generator.next() as UInt64)
        return String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<16 {
                buffer[index] = HexDigits.lower(UInt8(truncatingIfNeeded: words.0 >> UInt64(index * 4)))
                buffer[index + 16] = HexDigits.lower(UInt8(truncatingIfNeeded: words.1 >> UInt64(index * 4)))
            }
            return 32
        }
    }

    private static func isSafe(_ byte: UInt8) -> Bool { PercentEncoding.isUnreserved(byte) || byte == UInt8(ascii: ":") }
}
