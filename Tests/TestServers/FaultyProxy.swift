import Foundation
import Glibc
import Synchronization

/// Passes on what a client and a server on loopback say to each other, until it is told to break a connection as networks do.
public final class FaultyProxy: Sendable {
    /// How a connection ends in the middle of what the server says.
    public enum End: Sendable {
        /// As if the server had closed it.
        case closed
        /// As if it did not know the connection any more.
        case reset
    }

    struct State {
        var links: [ObjectIdentifier: Link] = [:]
        /// Bytes of the server's that still pass, and what comes then.
        var cut: (rest: Int, end: End)?
        var isMute = false
        var isStopped = false
    }

    /// Where clients connect to.
    public let port: Int
    private let listener: CInt
    private let server: Int
    private let state = Mutex(State())

    /// - Parameter server: The server's port.
    public init(to server: Int) throws {
        self.server = server
        (listener, port) = try FreePort.listen()
        Thread.detachNewThread { [self] in accept() }
    }

    /// Ends the next connection on which the server says anything, after so many bytes. Others, and later ones, are left alone.
    public func cut(after bytes: Int, _ end: End) { state.withLock { $0.cut = (bytes, end) } }

    /// From now on nothing that the server says is passed on, and the connections stay open.
    ///
    /// - Parameter laterToo: Also on connections that are yet to come.
    public func silence(laterToo: Bool = false) {
        let links = state.withLock { state in
            state.isMute = laterToo
            return Array(state.links.values)
        }
        for link in links { link.isSilent.store(true, ordering: .sequentiallyConsistent) }
    }

    /// Ends all connections, and takes no more.
    public func stop() {
        let links = state.withLock { state in
            state.isStopped = true
            return Array(state.links.values)
        }
        // Wakes the thread that waits for connections.
        shutdown(listener, CInt(SHUT_RDWR))
        for link in links { link.end(.closed) }
    }

    // MARK: Threads, of which each waits for one socket

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { break }
            guard let upstream = FreePort.connect(to: server) else {
                close(client)
                continue
            }
            let link = Link(client: client, upstream: upstream)
            let isStopped = state.withLock { state in
                state.links[ObjectIdentifier(link)] = link
                if state.isMute { link.isSilent.store(true, ordering: .sequentiallyConsistent) }
                return state.isStopped
            }
            if isStopped { link.end(.closed) }
            Thread.detachNewThread { self.pump(link, from: upstream, to: client, isServer: true) }
            Thread.detachNewThread { self.pump(link, from: client, to: upstream, isServer: false) }
        }
        close(listener)
    }

    private func pump(_ link: Link, from source: CInt, to target: CInt, isServer: Bool) {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        var end = End.closed
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            if isServer && link.isSilent.load(ordering: .sequentiallyConsistent) { continue }
            let (passed, cut) = isServer ? pass(count) : (count, nil)
            guard Self.sendAll(buffer[..<passed], to: target) else { break }
            if let cut {
                end = cut
                break
            }
        }
        link.end(end)
        state.withLock { _ = $0.links.removeValue(forKey: ObjectIdentifier(link)) }
    }

    /// How much of what the server says passes, and whether that is the end.
    private func pass(_ count: Int) -> (Int, End?) {
        state.withLock { state in
            guard let cut = state.cut else { return (count, nil) }
            if count < cut.rest {
                state.cut?.rest -= count
                return (count, nil)
            }
            state.cut = nil
            return (cut.rest, cut.end)
        }
    }

    private static func sendAll(_ bytes: ArraySlice<UInt8>, to socket: CInt) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// A client's connection and the one to the server, closed when nobody uses them any more.
    final class Link: Sendable {
        let isSilent = Atomic<Bool>(false)
        private let client: CInt
        private let upstream: CInt

        init(client: CInt, upstream: CInt) {
            self.client = client
            self.upstream = upstream
        }

        deinit {
            close(client)
            close(upstream)
        }

        /// Both threads stop waiting.
        func end(_ end: End) {
            if case .reset = end {
                // Closing says "reset" then, and shutting down only the direction that comes in says nothing.
                var atOnce = linger(l_onoff: 1, l_linger: 0)
                setsockopt(client, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
                shutdown(client, CInt(SHUT_RD))
            } else {
                shutdown(client, CInt(SHUT_RDWR))
            }
            shutdown(upstream, CInt(SHUT_RDWR))
        }
    }
}
