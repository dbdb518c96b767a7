internal import HTTPTypes
internal import Synchronization

/// One side of a connection within this process: what the other side sends waits in a bounded queue, and holds its sender back when full.
public final class InMemoryMessageTransport: MessageTransport {
    private let incoming: BoundedQueue<[UInt8]>
    private let outgoing: BoundedQueue<[UInt8]>
    private let closing: Closing

    /// How the connection ended, and which side closed first.
    private final class Closing: Sendable {
        let first = Mutex<WebSocketClosed?>(nil)
    }

    private init(incoming: BoundedQueue<[UInt8]>, outgoing: BoundedQueue<[UInt8]>, closing: Closing) {
        self.incoming = incoming
        self.outgoing = outgoing
        self.closing = closing
    }

    /// Both sides of a connection; `capacity` messages wait each way.
    public static func pair(capacity: Int = 64) -> (InMemoryMessageTransport, InMemoryMessageTransport) {
        let one = BoundedQueue<[UInt8]>(capacity: capacity)
        let other = BoundedQueue<[UInt8]>(capacity: capacity)
        let closing = Closing()
        return (
            InMemoryMessageTransport(incoming: one, outgoing: other, closing: closing),
            InMemoryMessageTransport(incoming: other, outgoing: one, closing: closing)
        )
    }

    /// Code and reason of the close; nil while the connection is open.
    public var closed: WebSocketClosed? { closing.first.withLock { $0 } }

    public func receive() async throws -> [UInt8]? { try await incoming.next() }

    public func send(_ message: [UInt8]) async throws {
        while !outgoing.offer(message) {
            if let closed { throw closed }
            try await outgoing.room()
        }
    }

    public func close(_ code: WebSocketCloseCode, reason: String) async {
        let closed = WebSocketClosed(code: code, reason: reason)
        let isFirst = closing.first.withLock { first -> Bool in
            defer { first = first ?? closed }
            return first == nil
        }
        guard isFirst else { return }
        let isInOrder = code == .normal || code == .goingAway || code == .noStatus
        outgoing.finish(isInOrder ? nil : closed)
        incoming.finish(nil)
    }
}

/// Connects to the channels of a router in the same process: no sockets; back-pressure, closing and cancellation as over a wire.
public struct InProcessWebSockets: WebSocketClientTransport {
    private let router: APIRouter
    private let capacity: Int

    /// `capacity` messages wait each way.
    public init(router: APIRouter, capacity: Int = 64) {
        self.router = router
        self.capacity = capacity
    }

    public nonisolated(nonsending) func connect<R>(
        _ request: ClientRequest, _ body: nonisolated(nonsending) (any MessageTransport) async throws -> R
    ) async throws -> R {
        switch await router.upgrade(for: ServerRequest(head: request.head, remoteAddress: "in-process")) {
        case .reject(let response):
            var prefix: [UInt8] = []
            if case .bytes(let bytes) = response.body { prefix = Array(bytes.prefix(ClientReply.prefixSize)) }
            throw ClientError(
                operationID: request.operationID, status: response.head.status.code, code: .upgradeRefused, bodyPrefix: prefix)
        case .accept(let run):
            let (client, server) = InMemoryMessageTransport.pair(capacity: capacity)
            async let serving: Void = run(server)
            do {
                let result = try await body(client)
                await client.close(.normal, reason: "")
                await serving
                return result
            } catch {
                await client.close(error is CancellationError ? .goingAway : .internalError, reason: "")
                await serving
                throw error
            }
        }
    }
}
