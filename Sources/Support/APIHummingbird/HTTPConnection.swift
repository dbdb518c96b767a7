internal import APISupport
internal import NIOCore
internal import NIOHTTP1

/// HTTP/1.1 on one connection, behind NIO's decoder: hands the requests to the connection's task, one after the other, and writes its answers.
///
/// Only the event loop comes here; the task uses ``HTTPConnectionLink``. A body that has come in the same read as its head goes along with it,
/// a longer one is a stream. While something has been read that nobody has asked for, nothing more is read.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer
    typealias Waiter = CheckedContinuation<IncomingRequest?, Never>

    enum Phase {
        /// The task has no request.
        case idle
        /// The task has a request.
        case answering
        /// The task has answered; the rest of the request is dropped.
        case skipping
        /// Nothing is answered any more.
        case closing
    }

    enum Input {
        case open
        /// The peer sends no more.
        case closed
        /// What follows is not HTTP.
        case malformed
    }

    let configuration: APIServerConfiguration
    var context: ChannelHandlerContext?
    var phase = Phase.idle
    var input = Input.open
    var isQuiescing = false

    // The request.
    var parts = CircularBuffer<HTTPServerRequestPart>()
    var waiter: Waiter?
    var body: IncomingBody.Source?
    /// More of the body has come than its reader has taken.
    var isBodyHeld = false
    var isRequestWhole = true
    var keepsAlive = true
    /// The client waits for a word before it sends the body (RFC 9110 §10.1.1).
    var expectsContinue = false
    var hasHeldRead = false

    // The answer.
    var isChunked = false
    var writer: CheckedContinuation<Void, any Error>?
    var heartbeat: RepeatedTask?

    // Time.
    var timer: Scheduled<Void>?
    /// When something last came, or an answer was finished.
    var lastProgress = NIODeadline.now()
    /// Since when the peer has not taken what was written.
    var unwritableSince: NIODeadline?

    init(configuration: APIServerConfiguration) { self.configuration = configuration }

    // MARK: Requests

    /// The task waits for a request; nil when there is none to come.
    func next(_ waiter: Waiter) {
        self.waiter = waiter
        advance()
    }

    /// The task reads a body that is not here yet.
    func wantsBody() {
        guard expectsContinue, let context else { return }
        expectsContinue = false
        lastProgress = .now()
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }

    /// The body's reader takes more, or is gone.
    func resumeBody() {
        isBodyHeld = false
        advance()
    }

    /// The server has no more time: what is being answered is the last.
    func stop() {
        isQuiescing = true
        resumeWriter(.failure(CancellationError()))
        if phase == .closing { context?.close(promise: nil) }
        advance()
    }

    /// Goes on as far as what is here allows.
    func advance() {
        guard let context else { return finishTask() }
        loop: while true {
            switch phase {
            case .idle:
                guard let waiter, context.channel.isWritable else { break loop }
                guard let part = parts.popFirst() else {
                    endIfDone(context)
                    if phase == .closing { finishTask() }
                    break loop
                }
                // The decoder gives nothing but a head here.
                guard case .head(let head) = part else { return context.close(promise: nil) }
                self.waiter = nil
                phase = .answering
                waiter.resume(returning: incoming(head, context))
            case .answering:
                while !isBodyHeld, !isRequestWhole, let part = parts.popFirst() { take(part) }
                break loop
            case .skipping:
                while !isRequestWhole, let part = parts.popFirst() { take(part) }
                guard isRequestWhole else {
                    if input != .open { closeWhenWritten(context) }
                    break loop
                }
                phase = .idle
            case .closing:
                parts.removeAll()
                finishTask()
                break loop
            }
        }
        if hasHeldRead, !holdsReads {
            hasHeldRead = false
            context.read()
        }
    }

    var holdsReads: Bool { !parts.isEmpty || isBodyHeld }

    func incoming(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) -> IncomingRequest {
        keepsAlive = head.isCurrent && head.isKeepAlive
        var bytes: ByteBuffer?
        while case .body(let part)? = parts.first {
            parts.removeFirst()
            if bytes == nil { bytes = part } else { bytes?.writeImmutableBuffer(part) }
        }
        if case .end? = parts.first {
            parts.removeFirst()
            isRequestWhole = true
            return IncomingRequest(head: head, body: bytes.map { .whole($0) } ?? .none)
        }
        isRequestWhole = false
        let (source, incoming) = IncomingBody.make(for: HTTPConnectionLink(self, eventLoop: context.eventLoop))
        body = source
        if let bytes {
            isBodyHeld = source.yield(bytes) == .stopProducing
        } else if input == .open {
            expectsContinue = head.isCurrent && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
        }
        if input != .open { cutBody(ChannelError.inputClosed) }
        return IncomingRequest(head: head, body: .stream(incoming))
    }

    /// A body that is not whole never will be: the client's failure, not one of whoever reads it.
    func cutBody(_ error: any Error) {
        keepsAlive = false
        body?.finish(RequestFailure(.malformedBody, detail: "The request ended in the middle of its body.", cause: error))
        body = nil
    }

    /// A part of the request under way, behind its head.
    func take(_ part: HTTPServerRequestPart) {
        expectsContinue = false
        switch part {
        case .head: break
        case .body(let bytes): isBodyHeld = body?.yield(bytes) == .stopProducing
        case .end:
            isRequestWhole = true
            body?.finish()
            body = nil
        }
    }

    /// Every request that came has been answered.
    func endIfDone(_ context: ChannelHandlerContext) {
        if input == .malformed {
            phase = .closing
            let refusal = ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            context.writeAndFlush(Self.wrapOutboundOut(refusal), promise: nil)
            linger(context)
        } else if input == .closed || isQuiescing {
            closeWhenWritten(context)
        }
    }

    func finishTask() {
        waiter?.resume(returning: nil)
        waiter = nil
    }
}
