internal import NIOCore

/// Closes a connection whose input can no longer be understood, without losing what was sent last.
///
/// Closing a socket with unread input makes the kernel reset the connection, and the peer may then never see our close frame. So the
/// output is ended first, and input is read and thrown away until the peer closes too, or time is up.
enum LingeringClose {
    static func run(on channel: any Channel, timeout: TimeAmount) async {
        let deadline = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        do {
            try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.addHandler(InputDiscarder(), position: .first)
            }.get()
            channel.close(mode: .output, promise: nil)
            try await channel.closeFuture.get()
        } catch {
            // Closed already, or not able to linger: all that is left is to close.
            channel.close(promise: nil)
        }
    }
}

/// Reads and drops all input; closes the channel when there is no more.
private final class InputDiscarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func handlerAdded(context: ChannelHandlerContext) { context.read() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func channelReadComplete(context: ChannelHandlerContext) { context.read() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
