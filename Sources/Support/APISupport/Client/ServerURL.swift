/// The parts of a base URL that requests are built from.
struct ServerURL: Sendable, Equatable {
    var scheme: String
    var authority: String
    /// Without a trailing slash; empty for the root.
    var path: String

    /// nil when the text is not `scheme://authority[/path]` or holds what no such URL does (user information, a query, spaces).
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        let rest = text[colon...].dropFirst(3)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        scheme = text[..<colon].lowercased()
        authority = String(rest[..<slash])
        var path = rest[slash...]
        while path.hasSuffix("/") { path = path.dropLast() }
        self.path = String(path)
        let isClean = rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard ["http", "https", "ws", "wss"].contains(scheme), !authority.isEmpty, !authority.contains("@"), isClean else { return nil }
    }
}
