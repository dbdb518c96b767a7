/// A URI that an authorization response may be sent to.
///
/// Accepted are `https`, plain `http` to a loopback address (RFC 8252 section 7.3), and private-use schemes, which hold a dot (section
/// 7.1). No user information, no fragment, nothing that is not a character of a URI.
struct RedirectURI: Sendable, Equatable {
    /// As it was written.
    let text: String
    let scheme: String
    /// The host with its brackets; empty for a private-use scheme without an authority.
    let host: String
    let port: String?
    /// The path and the query.
    let target: String

    init?(_ text: String) {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy(Self.isURICharacter), let colon = text.firstIndex(of: ":") else { return nil }
        let scheme = text[..<colon]
        guard let first = scheme.utf8.first, Self.isLowerLetter(first), scheme.utf8.allSatisfy(Self.isSchemeCharacter) else { return nil }
        var rest = text[text.index(after: colon)...]
        var authority: Substring = ""
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            authority = rest[..<end]
            rest = rest[end...]
        }
        guard let (host, port) = Self.split(authority) else { return nil }
        self.text = text
        self.scheme = String(scheme)
        self.host = host
        self.port = port
        target = String(rest)
        switch scheme {
        case "https": guard !host.isEmpty else { return nil }
        case "http": guard isLoopback else { return nil }
        default: guard scheme.contains(".") else { return nil }
        }
    }

    /// A literal loopback address; `localhost` is none, since a name may be resolved to anything (RFC 8252 section 8.3).
    var isLoopback: Bool { scheme == "http" && (host == "127.0.0.1" || host == "[::1]") }

    /// Whether a client that registered this URI may use another one: it is the same text (RFC 9700 section 2.1), but for the port of a
    /// loopback address.
    func allows(_ presented: RedirectURI) -> Bool {
        guard isLoopback, presented.isLoopback else { return text == presented.text }
        return host == presented.host && target == presented.target
    }

    /// This URI with parameters added to its query (RFC 6749 section 4.1.2).
    func adding(_ parameters: [(name: String, value: String)]) -> String {
        let query = parameters.map { "\($0.name)=\(Self.percentEncoded($0.value))" }.joined(separator: "&")
        return text + (target.contains("?") ? "&" : "?") + query
    }

    private static func split(_ authority: Substring) -> (host: String, port: String?)? {
        guard !authority.contains("@") else { return nil }
        let hostEnd: Substring.Index
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { return nil }
            hostEnd = authority.index(after: bracket)
        } else {
            hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
        }
        let tail = authority[hostEnd...]
        guard !tail.isEmpty else { return (String(authority), nil) }
        let port = tail.dropFirst()
        guard tail.hasPrefix(":"), let number = UInt16(port), number > 0, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return (String(authority[..<hostEnd]), String(port))
    }

    /// Everything but the unreserved characters of RFC 3986 as `%XX`.
    static func percentEncoded(_ value: String) -> String {
        var text = ""
        for byte in value.utf8 {
            if isAlphanumeric(byte) || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                text += byte < 16 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return text
    }

    private static func isLowerLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerLetter(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
    }

    private static func isSchemeCharacter(_ byte: UInt8) -> Bool {
        isLowerLetter(byte) || (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E
    }

    /// Unreserved and reserved characters and `%` (RFC 3986 section 2), but for `#`.
    private static func isURICharacter(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._~:/?[]@!$&'()*+,;=%".utf8.contains(byte)
    }
}
