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
        var generator = SystemRandomNumberGenerator()
        var digits: [UInt8] = []
        for _ in 0..<16 {
            let byte = UInt8.random(in: .min ... .max, using: &generator)
            digits += [HexDigits.lower(byte >> 4), HexDigits.lower(byte)]
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func isSafe(_ byte: UInt8) -> Bool { PercentEncoding.isUnreserved(byte) || byte == UInt8(ascii: ":") }
}
