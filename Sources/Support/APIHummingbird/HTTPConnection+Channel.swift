internal import NIOCore
internal import NIOHTTP1

/// What happens to the channel.
extension HTTPConnection {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        schedule(in: TimeAmount(configuration.idleTimeout), context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if phase != .closing { parts.append(Self.unwrapInboundIn(data)) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !parts.isEmpty { lastProgress = .now() }
        advance()
    }

    func read(context: ChannelHandlerContext) {
        if holdsReads { hasHeldRead = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else {
            unwritableSince = .now()
            return
        }
        unwritableSince = nil
        resumeWriter(.success(()))
        advance()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed {
            if phase == .closing { closeWhenWritten(context) }
            closeInput(.closed, ChannelError.inputClosed)
            // Streams to a peer that has gone away end.
            resumeWriter(.failure(CancellationError()))
            advance()
        } else if event is ChannelShouldQuiesceEvent {
            isQuiescing = true
            advance()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError {
            closeInput(.malformed, error)
            advance()
        } else if input != .malformed {
            context.close(promise: nil)
        }
    }

    /// Nothing more will come than is here.
    private func closeInput(_ input: Input, _ error: any Error) {
        if self.input == .open { self.input = input }
        while !isRequestWhole, let part = parts.popFirst() { take(part) }
        if !isRequestWhole { cutBody(error) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        phase = .closing
        context = nil
        parts.removeAll()
        timer?.cancel()
        heartbeat?.cancel()
        body?.finish(ChannelError.ioOnClosedChannel)
        body = nil
        resumeWriter(.failure(ChannelError.ioOnClosedChannel))
        finishTask()
    }

    // MARK: Time

    /// Since when the peer is waited for; nil while it is the handler's turn.
    private var waitsSince: NIODeadline? {
        if let unwritableSince { return unwritableSince }
        return phase == .answering && (isRequestWhole || isBodyHeld || expectsContinue) ? nil : lastProgress
    }

    /// One timer at a time: nothing moves it; when it goes off it looks at what is being waited for.
    private func schedule(in time: TimeAmount, _ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            let timeout = TimeAmount(self.configuration.idleTimeout)
            let left = self.waitsSince.map { $0 + timeout - .now() } ?? timeout
            if left > .nanoseconds(0) { self.schedule(in: left, context) } else { context.close(promise: nil) }
        }
    }
}
