import APISupport
import HTTPTypes

/// One direction of a connection: messages wait until they are taken.
actor Mailbox {
    private var messages: [[UInt8]] = []
    private var isClosed = false
    private var waiter: CheckedContinuation<Void, Never>?

    func put(_ message: [UInt8]) throws {
        guard !isClosed else { throw WebSocketClosed(code: .abnormal, reason: "") }
        messages.append(message)
        wake()
    }

    func close() {
        isClosed = true
        wake()
    }

    func take() async -> [UInt8]? {
        while messages.isEmpty, !isClosed { await withCheckedContinuation { waiter = $0 } }
        return messages.isEmpty ? nil : messages.removeFirst()
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}

/// One side of a connection within this process, and how it was closed by it.
struct InMemoryTransport: MessageTransport {
    private let incoming: Mailbox
    private let outgoing: Mailbox
    let closing = Closing()

    actor Closing {
        private(set) var code: WebSocketCloseCode?

        func set(_ code: WebSocketCloseCode) { self.code = self.code ?? code }
    }

    static func pair() -> (InMemoryTransport, InMemoryTransport) {
        let one = Mailbox()
        let other = Mailbox()
        return (InMemoryTransport(incoming: one, outgoing: other), InMemoryTransport(incoming: other, outgoing: one))
    }

    private init(incoming: Mailbox, outgoing: Mailbox) {
        self.incoming = incoming
        self.outgoing = outgoing
    }

    func receive() async throws -> [UInt8]? { await incoming.take() }

    func send(_ message: [UInt8]) async throws { try await outgoing.put(message) }

    func close(_ code: WebSocketCloseCode, reason: String) async {
        await closing.set(code)
        await outgoing.close()
        await incoming.close()
    }
}

/// Connects to the channels of a router in this process.
struct InProcessChannels: WebSocketClientTransport {
    let router: APIRouter

    nonisolated(nonsending) func connect<R>(
        _ request: ClientRequest, _ body: nonisolated(nonsending) (any MessageTransport) async throws -> R
    ) async throws -> R {
        switch await router.upgrade(for: ServerRequest(head: request.head)) {
        case .reject(let response):
            var prefix: [UInt8] = []
            if case .bytes(let bytes) = response.body { prefix = bytes }
            throw ClientError(
                operationID: request.operationID, status: response.head.status.code, code: .upgradeRefused, bodyPrefix: prefix
            )
        case .accept(let run):
            let (client, server) = InMemoryTransport.pair()
            async let serving: Void = run(server)
            do {
                let result = try await body(client)
                await client.close(.normal, reason: "")
                await serving
                return result
            } catch {
                await client.close(.internalError, reason: "")
                await serving
                throw error
            }
        }
    }
}
