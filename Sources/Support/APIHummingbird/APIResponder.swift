internal import APISupport
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import NIOHTTPTypes
internal import Synchronization

/// Answers the requests of one connection with a router.
struct APIResponder: Sendable {
    private let router: APIRouter
    private let configuration: APIServerConfiguration
    private let state: ConnectionState
    private let remoteAddress: String?
    private let deadline: WriteDeadline
    /// Where handlers run; nil for Swift's global executor.
    private let executor: EventLoopExecutor?

    init(
        router: APIRouter, configuration: APIServerConfiguration, state: ConnectionState, channel: any Channel, executor: EventLoopExecutor?
    ) {
        self.router = router
        self.configuration = configuration
        self.state = state
        remoteAddress = channel.remoteAddress?.ipAddress
        deadline = WriteDeadline(channel: channel, timeout: TimeAmount(configuration.idleTimeout))
        self.executor = executor
    }

    /// Hummingbird's responder. Throwing breaks the connection off.
    @Sendable
    func respond(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        var response: ServerResponse
        let body = Self.body(of: request)
        if let rejection = state.takeRejection() {
            response = rejection
        } else {
            response = await answer(ServerRequest(head: request.head, body: body, remoteAddress: remoteAddress))
        }
        response.head.headerFields[.date] = DateField.shared.now
        let mustClose = Self.mustClose(after: response, requestBody: body)
        if mustClose { response.head.headerFields[.connection] = "close" }
        try await write(response, isHead: request.method == .head, writer, channel)
        if mustClose {
            // What the peer still sends is read and dropped by Hummingbird, but not for ever.
            channel.eventLoop.scheduleTask(in: TimeAmount(configuration.lingerTimeout)) { channel.close(promise: nil) }
        }
    }

    /// The router's answer. When the peer goes away, the handler is cancelled.
    private nonisolated(nonsending) func answer(_ request: ServerRequest) async -> ServerResponse {
        // A task of its own, since a peer that has closed only its sending side is still to be answered. It starts at once, on this thread, and
        // has ended when this function returns.
        let router = router
        let handler = Task.immediate(executorPreference: executor) { await router.respond(to: request) }
        state.handlerStarts(handler)
        defer { state.handlerEnds() }
        return await withTaskCancellationHandler {
            await handler.value
        } onCancel: {
            handler.cancel()
        }
    }

    // MARK: Request

    private static func body(of request: Request) -> APISupport.RequestBody {
        let declared = request.headers[.contentLength].flatMap { Int($0) }
        // RFC 9112 §6.3: neither length nor transfer coding means no body.
        if declared == nil, request.headers[.transferEncoding] == nil { return .none }
        let source = BodySource(request.body)
        return APISupport.RequestBody(stream: ByteStream { try await source.next() }, contentLength: declared)
    }

    /// After a refusal a large rest of the request would have to be read for nothing: the connection is not worth that.
    private static func mustClose(after response: ServerResponse, requestBody: APISupport.RequestBody) -> Bool {
        guard response.head.status.code >= 400 else { return false }
        return (requestBody.contentLength ?? .max) > APISupport.RequestBody.defaultLimit
    }

    // MARK: Response

    private func write(
        _ response: ServerResponse, isHead: Bool, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        var head = response.head
        switch response.body {
        case .none:
            // RFC 9110 §8.6: no length where there can be no body; that of GET's body for HEAD.
            let hasNoLength = isHead || head.status == .noContent || head.status == .notModified
            if !hasNoLength { head.headerFields[.contentLength] = "0" }
            deadline.begin()
            defer { deadline.end() }
            try await writer.writeResponse(head)
        case .bytes(let bytes):
            head.headerFields[.contentLength] = String(bytes.count)
            deadline.begin()
            defer { deadline.end() }
            try await writer.write(response: head, body: HummingbirdCore.ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let stream):
            let isEventStream = head.headerFields[.contentType]?.hasPrefix("text/event-stream") == true
            let body = try await writer.writeHead(head)
            let heartbeat = isEventStream ? heartbeat(channel) : nil
            defer { heartbeat?.cancel() }
            try await write(stream, to: body, heartbeat: heartbeat)
        }
    }

    /// Sends chunks as they come; stops when the peer goes away.
    private func write(
        _ stream: ByteStream, to writer: any ResponseBodyWriter, heartbeat: RepeatedTask?
    ) async throws {
        // Used by the one child task below only, while this one waits for it.
        nonisolated(unsafe) var body = writer
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for try await chunk in stream {
                    deadline.begin()
                    defer { deadline.end() }
                    try await body.write(ByteBuffer(bytes: chunk))
                }
                heartbeat?.cancel()
                try await body.finish(nil)
                return true
            }
            group.addTask {
                await inputClosed()
                return false
            }
            let isComplete = try await group.next() ?? false
            group.cancelAll()
            if !isComplete { throw CancellationError() }
        }
    }

    /// Sends comments between the events, each of which is one chunk. What is cancelled before the body's end is written comes before it: both
    /// go through the channel's event loop, in their order.
    private func heartbeat(_ channel: any Channel) -> RepeatedTask {
        let interval = TimeAmount(configuration.eventStreamHeartbeat)
        return channel.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            // A peer that takes nothing is not sent more.
            guard channel.isWritable else { return }
            channel.writeAndFlush(HTTPResponsePart.body(ByteBuffer(string: ":\n\n")), promise: nil)
        }
    }

    /// Returns when the peer has closed its side, or the task is cancelled.
    private func inputClosed() async {
        do {
            try await state.inputClosed.value
        } catch {
            // Cancelled: the body was written first.
        }
    }
}

/// A request's body in chunks.
///
/// `@unchecked Sendable`: `isBusy` keeps a second consumer away from the iterator.
private final class BodySource: @unchecked Sendable {
    private struct ReadTwice: Error {}

    private var iterator: HummingbirdCore.RequestBody.AsyncIterator
    private let isBusy = Atomic<Bool>(false)

    init(_ body: HummingbirdCore.RequestBody) { iterator = body.makeAsyncIterator() }

    func next() async throws -> [UInt8]? {
        guard !isBusy.exchange(true, ordering: .acquiring) else { throw ReadTwice() }
        defer { isBusy.store(false, ordering: .releasing) }
        guard let buffer = try await iterator.next() else { return nil }
        return [UInt8](buffer.readableBytesView)
    }
}
