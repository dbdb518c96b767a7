/// A name or an e-mail address as it is compared: without surrounding space, in lower case. A name holds no `@`, so that one cannot be
/// taken for the other.
struct SignInName: Sendable, Equatable {
    let normalized: String

    init(_ text: String) {
        var trimmed = Substring(text)
        while trimmed.first?.isWhitespace == true { trimmed.removeFirst() }
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        normalized = trimmed.lowercased()
    }

    /// Whether it can be the name of an account.
    var isUsername: Bool {
        guard let first = normalized.utf8.first, normalized.utf8.count <= 64 else { return false }
        return Self.isAlphanumeric(first) && normalized.utf8.allSatisfy { Self.isAlphanumeric($0) || "._-".utf8.contains($0) }
    }

    /// Whether it can be the address of an account: printable ASCII around one `@`.
    var isEmail: Bool {
        let parts = normalized.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty && normalized.utf8.count <= 320
            && normalized.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
}
