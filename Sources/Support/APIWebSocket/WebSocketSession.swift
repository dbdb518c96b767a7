internal import APISupport
internal import Logging
internal import NIOCore
internal import NIOWebSocket
internal import Synchronization

/// One connection from the upgrade to its end: frames in and out, heartbeat, closing handshake.
final class WebSocketSession: MessageTransport, Sendable {
    typealias Inbound = NIOAsyncChannelInboundStream<WebSocketFrame>
    typealias Outbound = NIOAsyncChannelOutboundWriter<WebSocketFrame>

    private struct State {
        /// Set once one side began to close: nothing more may be sent.
        var closed: WebSocketClosed?
        var hasSentClose = false
        /// When the oldest ping was sent that is not answered yet.
        var unansweredPing: ContinuousClock.Instant?
    }

    private let channel: any Channel
    private let outbound: Outbound
    private let role: WebSocketRole
    private let configuration: WebSocketConfiguration
    private let queue: MessageQueue
    private let state = Mutex(State())

    init(channel: any Channel, outbound: Outbound, role: WebSocketRole, configuration: WebSocketConfiguration) {
        self.channel = channel
        self.outbound = outbound
        self.role = role
        self.configuration = configuration
        queue = MessageQueue(maximumMessages: configuration.readAheadMessages, maximumBytes: configuration.maximumMessageSize)
    }

    // MARK: MessageTransport

    func receive() async throws -> [UInt8]? { try await queue.next() }

    func send(_ message: [UInt8]) async throws {
        if let closed = state.withLock({ $0.closed }) { throw closed }
        try Task.checkCancellation()
        do {
            try await outbound.write(frame(.text, ByteBuffer(bytes: message)))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw state.withLock { $0.closed } ?? WebSocketClosed(code: .abnormal, reason: "connection lost")
        }
    }

    func close(_ code: WebSocketCloseCode, reason: String) async {
        guard sendClose(code, reason: reason) else { return }
        // A peer that does not answer is not waited for longer than this. The time starts on the event loop, behind everything that was
        // sent: however late the loop gets there, that goes out first.
        let channel = channel
        let timeout = TimeAmount(configuration.closeTimeout)
        channel.eventLoop.execute {
            channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
        }
    }

    /// Drops what was read ahead and what still comes: the consumer is done.
    func abandon() { queue.abandon() }

    // MARK: Reading

    /// Reads frames until the connection ends, answering what the protocol wants answered.
    func read(_ inbound: Inbound) async {
        var interpreter = FrameInterpreter(role: role, maximumMessageSize: configuration.maximumMessageSize)
        do {
            for try await frame in inbound {
                switch interpreter.receive(frame) {
                case nil: continue
                case .message(let message): await queue.put(message)
                case .ping(let data): try await outbound.write(self.frame(.pong, data))
                case .pong: state.withLock { $0.unansweredPing = nil }
                case .close(let code, let reason): return peerClosed(code, reason)
                case .violation(let code, let reason): return await fail(code, reason)
                }
            }
            lost("connection ended without a close frame")
        } catch let error as NIOWebSocketError {
            await fail(WebSocketCloseCode(error), "frame refused")
        } catch {
            lost("connection lost: \(error)")
        }
    }

    private func peerClosed(_ code: WebSocketCloseCode, _ reason: String) {
        let isInOrder = code == .normal || code == .goingAway || code == .noStatus
        let closed = WebSocketClosed(code: code, reason: reason)
        let ourClose = state.withLock { state in
            defer { state.closed = state.closed ?? closed }
            return state.closed
        }
        _ = sendClose(code == .noStatus ? .normal : code, reason: "")
        // The answer to a close of ours ends the connection in the order that we asked for.
        queue.finish(isInOrder || ourClose != nil ? nil : closed)
        // RFC 6455 §7.1.1: the server closes the TCP connection first.
        if role == .server { channel.close(promise: nil) }
    }

    private func lost(_ reason: String) {
        let closed = WebSocketClosed(code: .abnormal, reason: reason)
        let ourClose = state.withLock { state in
            defer { state.closed = state.closed ?? closed }
            return state.closed
        }
        queue.finish(ourClose ?? closed)
        channel.close(promise: nil)
    }

    /// Fails the connection (RFC 6455 §7.1.7).
    private func fail(_ code: WebSocketCloseCode, _ reason: String) async {
        _ = sendClose(code, reason: reason)
        queue.finish(WebSocketClosed(code: code, reason: reason))
        await LingeringClose.run(on: channel, timeout: TimeAmount(configuration.closeTimeout))
    }

    // MARK: Heartbeat

    /// Pings the peer, and closes the connection when it does not answer in time.
    ///
    /// While the consumer is behind and the peer held back, its pongs cannot be seen: that is not held against it.
    func heartbeat() async throws {
        guard let interval = configuration.heartbeatInterval else { return }
        var nextPing = ContinuousClock.now + interval
        while true {
            let deadline = state.withLock { $0.unansweredPing.map { $0 + configuration.heartbeatTimeout } }
            try await Task.sleep(until: min(nextPing, deadline ?? nextPing), clock: .continuous)
            let now = ContinuousClock.now
            let isLate = state.withLock { $0.unansweredPing.map { now - $0 >= configuration.heartbeatTimeout } ?? false }
            if isLate, !queue.isFull {
                lost("no answer to a ping")
                return
            }
            // The consumer is behind: the peer gets its time anew.
            if isLate { state.withLock { $0.unansweredPing = nil } }
            guard now >= nextPing else { continue }
            nextPing = now + interval
            state.withLock { $0.unansweredPing = $0.unansweredPing ?? now }
            // Not through the writer: a peer that takes nothing must not keep the heartbeat waiting. One small frame an interval.
            channel.writeAndFlush(frame(.ping, ByteBuffer()), promise: nil)
        }
    }

    // MARK: Frames

    /// Sends a close frame, once; false when one was sent before.
    private func sendClose(_ code: WebSocketCloseCode, reason: String) -> Bool {
        let isFirst = state.withLock { state in
            defer { state.hasSentClose = true }
            state.closed = state.closed ?? WebSocketClosed(code: code, reason: reason)
            return !state.hasSentClose
        }
        guard isFirst else { return false }
        var data = ByteBuffer(integer: code.rawValue)
        data.writeString(Self.truncated(reason))
        channel.writeAndFlush(frame(.connectionClose, data), promise: nil)
        return true
    }

    private func frame(_ opcode: WebSocketOpcode, _ data: ByteBuffer) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: opcode, maskKey: role == .client ? .random() : nil, data: data)
    }

    /// Control frames carry 125 bytes at most (RFC 6455 §5.5), two of them the code.
    private static func truncated(_ reason: String) -> String {
        var reason = reason
        while reason.utf8.count > 123 { reason.unicodeScalars.removeLast() }
        return reason
    }
}

extension WebSocketCloseCode {
    /// The code for what NIO's frame decoder refused.
    init(_ error: NIOWebSocketError) {
        switch error {
        case .invalidFrameLength: self = .messageTooBig
        case .fragmentedControlFrame, .multiByteControlFrameLength: self = .protocolError
        }
    }
}
