internal import NIOCore

/// Between the channel and its connection: bytes to answers, the end of the one to the end of the other.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// How often the deadline of the oldest command is looked at.
    private static let tick = TimeAmount.milliseconds(100)

    private var reader: RedisReplyReader
    private let connection: RedisConnection
    private var ticking: RepeatedTask?

    init(_ connection: RedisConnection, limit: Int) throws {
        self.connection = connection
        reader = try RedisReplyReader(limit: limit)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let connection = connection
        ticking = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.tick, delay: Self.tick) { _ in connection.checkDeadline() }
    }

    func handlerRemoved(context: ChannelHandlerContext) { ticking?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = Self.unwrapInboundIn(data)
        // What came in one piece is handed over in one piece.
        var answers: [RedisValue] = []
        let failure: RedisError?
        do {
            try buffer.withUnsafeReadableBytes { try reader.feed($0) }
            while let answer = try reader.next() { answers.append(answer) }
            failure = nil
        } catch let error as RedisError {
            failure = error
        } catch {
            failure = RedisError(.invalidReply, "The server's answer cannot be read", cause: error)
        }
        if !answers.isEmpty { connection.received(answers) }
        if let failure { connection.close(because: failure) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.close(because: RedisError(.connectionLost, "The connection was lost"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.close(because: RedisError(.connectionLost, "The connection was lost", cause: error))
    }
}
