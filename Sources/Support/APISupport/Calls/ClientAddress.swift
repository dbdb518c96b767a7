internal import HTTPTypes

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Where a request comes from, for counting what an address does.
public struct ClientAddress: Sendable, Hashable {
    /// An IPv4 address, or the /64 network of an IPv6 one: whoever has one address of that has all. At most 64 bytes, and whatever a proxy wrote
    /// where that is no address.
    public let key: String

    /// - Parameter trustedProxies: As in ``init(peer:forwardedFor:trustedProxies:)``.
    public init(_ request: ServerRequest, trustedProxies: Int) {
        let forwardedFor = trustedProxies > 0 ? HTTPField.Name("X-Forwarded-For").flatMap { request.head.headerFields[$0] } : nil
        self.init(peer: request.remoteAddress, forwardedFor: forwardedFor, trustedProxies: trustedProxies)
    }

    /// - Parameters:
    ///   - peer: The other end of the connection, without a port.
    ///   - forwardedFor: The request's `X-Forwarded-For`.
    ///   - trustedProxies: How many proxies stand in front of the service; each adds the address that it saw at the end of
    ///     `X-Forwarded-For`, and what stands before these is the client's own invention.
    public init(peer: String?, forwardedFor: String?, trustedProxies: Int) {
        let hops = (forwardedFor ?? "").split(separator: ",").map { $0.drop { $0 == " " }.prefix { $0 != " " } }
        if trustedProxies > 0, hops.count >= trustedProxies {
            key = Self.network(String(hops[hops.count - trustedProxies]))
        } else {
            key = Self.network(peer ?? "unknown")
        }
    }

    private static func network(_ text: String) -> String {
        var address = in6_addr()
        guard text.utf8.count <= 64 else { return "unknown" }
        let host = withoutPort(text)
        guard inet_pton(AF_INET6, host, &address) == 1 else { return host }
        let words = withUnsafeBytes(of: &address) { Array($0) }
        // ::ffff:a.b.c.d is an IPv4 address.
        if words.prefix(10).allSatisfy({ $0 == 0 }), words[10] == 0xFF, words[11] == 0xFF {
            return words.suffix(4).map(String.init).joined(separator: ".")
        }
        return words.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }

    /// Some proxies, and some transports, write a port behind the address.
    private static func withoutPort(_ text: String) -> String {
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        guard text.contains("."), let colon = text.lastIndex(of: ":"), text.firstIndex(of: ":") == colon else { return text }
        return String(text[..<colon])
    }
}
