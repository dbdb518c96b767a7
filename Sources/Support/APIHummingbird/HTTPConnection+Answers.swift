internal import NIOCore

/// What the task writes.
extension HTTPConnection {
    /// A whole answer; then the task waits for the next request.
    func answer(_ head: OutgoingHead, _ body: [UInt8], next waiter: Waiter) {
        self.waiter = waiter
        guard phase == .answering, let context else { return finishTask() }
        var (bytes, isLast) = end(head)
        if body.count <= OutgoingHead.roomForBody {
            bytes.writeBytes(body)
            finish(with: bytes, isLast, context)
        } else {
            context.write(Self.wrapOutboundOut(bytes), promise: nil)
            finish(with: ByteBuffer(bytes: body), isLast, context)
        }
    }

    /// The head of an answer whose body comes in pieces.
    func start(_ head: OutgoingHead, hasHeartbeat: Bool) {
        guard phase == .answering, let context else { return }
        let (bytes, isLast) = end(head)
        if isLast { keepsAlive = false }
        isChunked = head.isChunked
        context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil)
        guard hasHeartbeat else { return }
        let interval = TimeAmount(configuration.eventStreamHeartbeat)
        let link = HTTPConnectionLink(self, eventLoop: context.eventLoop)
        heartbeat = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in link.beat() }
    }

    /// A comment between two events.
    func beat() {
        // A peer that takes nothing is not sent more.
        guard phase == .answering, let context, context.channel.isWritable else { return }
        write([UInt8](":\n\n".utf8), context)
    }

    /// A piece; `writer` goes on when the peer can take more.
    func write(_ bytes: [UInt8], then writer: CheckedContinuation<Void, any Error>) {
        guard phase == .answering, let context else { return writer.resume(throwing: ChannelError.ioOnClosedChannel) }
        write(bytes, context)
        if context.channel.isWritable { writer.resume() } else { self.writer = writer }
    }

    func resumeWriter(_ result: Result<Void, any Error>) {
        writer?.resume(with: result)
        writer = nil
    }

    /// The end of the pieces; then the task waits for the next request.
    func end(next waiter: Waiter) {
        self.waiter = waiter
        heartbeat?.cancel()
        guard phase == .answering, let context else { return finishTask() }
        finish(with: isChunked ? ByteBuffer(string: "0\r\n\r\n") : ByteBuffer(), !keepsAlive, context)
    }

    /// The rest of the answer will not come: the connection ends, so that nobody takes the answer for whole.
    func abort() { context?.close(promise: nil) }

    /// The head with its end, and whether its answer is the connection's last.
    private func end(_ head: OutgoingHead) -> (ByteBuffer, isLast: Bool) {
        // A client that was not told to send its body may send another request in its place, or the body all the same.
        let isLast = head.mustClose || !keepsAlive || expectsContinue || isQuiescing && parts.isEmpty
        expectsContinue = false
        var bytes = head.bytes
        if isLast { bytes.writeStaticString("Connection: close\r\n") }
        bytes.writeStaticString("\r\n")
        return (bytes, isLast)
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        // An empty chunk would be the last one (RFC 9112 §7.1).
        guard !bytes.isEmpty else { return }
        guard isChunked else { return context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil) }
        var chunk = context.channel.allocator.buffer(capacity: bytes.count + 16)
        chunk.writeString(String(bytes.count, radix: 16))
        chunk.writeStaticString("\r\n")
        chunk.writeBytes(bytes)
        chunk.writeStaticString("\r\n")
        context.writeAndFlush(Self.wrapOutboundOut(chunk), promise: nil)
    }

    private func finish(with last: ByteBuffer, _ isLast: Bool, _ context: ChannelHandlerContext) {
        lastProgress = .now()
        body = nil
        isBodyHeld = false
        phase = isRequestWhole ? .idle : .skipping
        context.write(Self.wrapOutboundOut(last), promise: nil)
        if isLast || !configuration.runsHandlersOnEventLoop {
            context.flush()
        } else {
            // Handlers that are about to run on this loop come first: computing and sending in turns costs more than one after the other.
            context.eventLoop.assumeIsolated().execute { self.context?.flush() }
        }
        if isLast { linger(context) }
        advance()
    }

    /// Closes the side that is written to; what the peer still sends is dropped, but not for ever (RFC 9112 §9.6).
    func linger(_ context: ChannelHandlerContext) {
        guard input != .closed else { return closeWhenWritten(context) }
        phase = .closing
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(configuration.lingerTimeout)) { self.context?.close(promise: nil) }
    }

    func closeWhenWritten(_ context: ChannelHandlerContext) {
        phase = .closing
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in self.context?.close(promise: nil) }
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer()), promise: written)
    }
}
