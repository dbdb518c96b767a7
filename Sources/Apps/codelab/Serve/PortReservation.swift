import Glibc

/// A port that the system chose and that stays ours until a server listens on it.
///
/// The issuer of tokens and the addresses the services know each other by hold the ports, so with port 0 they must be known before
/// anything listens. A bound socket keeps the port; with SO_REUSEADDR on both, the server's own socket may be bound beside it (socket(7)).
final class PortReservation: Sendable {
    let port: Int
    private let descriptor: CInt

    /// - Parameter host: an IPv4 or IPv6 address.
    init(host: String) throws {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "0", &hints, &found) == 0, let address = found?.pointee else {
            throw ConfigurationError("the host must be an IP address when a port is 0, not '\(host)'")
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(address.ai_family, address.ai_socktype | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ConfigurationError("no socket can be made: \(String(cString: strerror(errno)))") }
        var reuse: CInt = 1
        var bound = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isBound =
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<CInt>.size)) == 0
            && bind(descriptor, address.ai_addr, address.ai_addrlen) == 0
            && withUnsafeMutablePointer(to: &bound) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) == 0 }
            }
        guard isBound else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw ConfigurationError("no port is free on \(host): \(reason)")
        }
        self.descriptor = descriptor
        port = withUnsafePointer(to: &bound) { pointer in
            pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { Int(UInt16(bigEndian: $0.pointee.sin_port)) }
        }
    }

    deinit {
        close(descriptor)
    }
}
