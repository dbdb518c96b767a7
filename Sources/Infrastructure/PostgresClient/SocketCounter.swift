internal import Glibc

/// Counts what a socket receives. libpq reads as much as there is, and tells nobody how much that was.
struct SocketCounter: Sendable {
    private let socket: CInt
    private let first: UInt64?
    private var counted: UInt64 = 0

    /// Counts from now on.
    init(_ socket: CInt) {
        self.socket = socket
        first = Self.total(socket)
    }

    /// Bytes since the start. Of a socket that is not TCP's: those that were waiting each time this was called, so not all.
    mutating func received() -> UInt64 {
        if let first { return (Self.total(socket) ?? first) - first }
        var waiting: CInt = 0
        if ioctl(socket, UInt(FIONREAD), &waiting) == 0 { counted += UInt64(max(0, waiting)) }
        return counted
    }

    /// `tcpi_bytes_received` of Linux's `struct tcp_info`, which the C library's own version does not have.
    private static func total(_ socket: CInt) -> UInt64? {
        let offset = 128
        return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { info in
            var length = socklen_t(info.count)
            guard getsockopt(socket, CInt(IPPROTO_TCP), TCP_INFO, info.baseAddress, &length) == 0, Int(length) >= offset + 8 else {
                return nil
            }
            return info.load(fromByteOffset: offset, as: UInt64.self)
        }
    }
}
