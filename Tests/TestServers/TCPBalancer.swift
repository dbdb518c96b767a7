import Foundation
import Glibc

/// One address for several servers on loopback, as a service of Kubernetes': each new connection goes to the next of them that takes it, and stays
/// there. When none takes it, it is closed.
public final class TCPBalancer: Sendable {
    /// Where clients connect to.
    public let port: Int
    /// Its other end ends the thread.
    private let alarm: CInt
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter servers: Their ports; a server need not be there yet.
    public init(to servers: [Int]) throws {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ServerFailure(message: "No pipe: \(String(cString: strerror(errno)))") }
        let listener: CInt
        do {
            (listener, port) = try FreePort.listen()
        } catch {
            for end in ends { close(end) }
            throw error
        }
        alarm = ends[1]
        let connections = BalancedConnections(listener: listener, alarm: ends[0], servers: servers)
        Thread.detachNewThread { [ended] in
            connections.run()
            ended.signal()
        }
    }

    /// Ends all connections, takes no more, and returns when nothing is left of it. To be called once.
    public func stop() {
        close(alarm)
        ended.wait()
    }
}

/// What the thread of a balancer works with: it waits for all sockets at once.
private struct BalancedConnections {
    /// More of them wait in the listener's queue.
    static let maximumLinks = 1024

    let listener: CInt
    let alarm: CInt
    let servers: [Int]

    func run() {
        var links: [BalancedLink] = []
        var turn = 0
        while true {
            let isFull = links.count >= Self.maximumLinks
            var polled = [
                pollfd(fd: alarm, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isFull ? -1 : listener, events: Int16(POLLIN), revents: 0),
            ]
            for link in links { polled += link.polled }
            guard poll(&polled, nfds_t(polled.count), -1) >= 0 || errno == EINTR else { break }
            if polled[0].revents != 0 { break }
            for (index, link) in links.enumerated() {
                link.work(client: polled[2 + 2 * index].revents, server: polled[3 + 2 * index].revents)
            }
            links.removeAll(where: \.isOver)
            if polled[1].revents != 0, let link = accept(&turn) { links.append(link) }
        }
        close(listener)
        close(alarm)
    }

    private func accept(_ turn: inout Int) -> BalancedLink? {
        let client = Glibc.accept(listener, nil, nil)
        guard client >= 0 else { return nil }
        for _ in servers {
            turn += 1
            if let server = FreePort.connect(to: servers[turn % servers.count]) { return BalancedLink(client: client, server: server) }
        }
        close(client)
        return nil
    }
}

/// A client's connection and the one to its server, closed with it. What one side says is read when the other has taken what came before.
private final class BalancedLink {
    /// What one side says to the other.
    private struct Flow {
        let source: CInt
        let target: CInt
        var waiting: ArraySlice<UInt8> = []
        var hasEnded = false
        var isShut = false

        /// - Returns: Whether the connection still works.
        mutating func move(buffer: inout [UInt8], isReadable: Bool) -> Bool {
            if isReadable, waiting.isEmpty, !hasEnded {
                let count = recv(source, &buffer, buffer.count, CInt(MSG_DONTWAIT))
                if count < 0 { return errno == EAGAIN || errno == EINTR }
                hasEnded = count == 0
                waiting = buffer[..<count]
            }
            while !waiting.isEmpty {
                let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
                let count = waiting.withUnsafeBytes { send(target, $0.baseAddress, $0.count, flags) }
                if count < 0 { return errno == EAGAIN || errno == EINTR }
                waiting = waiting.dropFirst(count)
            }
            if hasEnded, !isShut {
                isShut = true
                shutdown(target, CInt(SHUT_WR))
            }
            return true
        }
    }

    private var requests: Flow
    private var answers: Flow
    private var isBroken = false
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    init(client: CInt, server: CInt) {
        for socket in [client, server] {
            var isOn: CInt = 1
            setsockopt(socket, CInt(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<CInt>.size))
            // The processes that a test starts do not keep it open.
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        }
        requests = Flow(source: client, target: server)
        answers = Flow(source: server, target: client)
    }

    deinit {
        for socket in [requests.source, answers.source] {
            shutdown(socket, CInt(SHUT_RDWR))
            close(socket)
        }
    }

    var isOver: Bool { isBroken || (requests.isShut && answers.isShut) }

    /// What is waited for: at the client, and at the server. Where that is nothing, the socket is left out: its end would be told again and again.
    var polled: [pollfd] {
        func wish(reading: Flow, writing: Flow) -> pollfd {
            let events = (reading.waiting.isEmpty && !reading.hasEnded ? POLLIN : 0) | (writing.waiting.isEmpty ? 0 : POLLOUT)
            return pollfd(fd: events == 0 ? -1 : reading.source, events: Int16(events), revents: 0)
        }
        return [wish(reading: requests, writing: answers), wish(reading: answers, writing: requests)]
    }

    func work(client: Int16, server: Int16) {
        guard client != 0 || server != 0 else { return }
        let isDone =
            requests.move(buffer: &buffer, isReadable: client & ~Int16(POLLOUT) != 0)
            && answers.move(buffer: &buffer, isReadable: server & ~Int16(POLLOUT) != 0)
        if !isDone { isBroken = true }
    }
}
