import APISupport
import GatewayAPI
import Synchronization

/// A WebSocket in this process: the gateway holds it as its transport, the test has the client's side.
final class FakeSocket: MessageTransport {
    struct Close: Equatable, Sendable {
        var code: UInt16
        var reason: String
    }

    private let toServer: AsyncStream<[UInt8]>
    private let feed: AsyncStream<[UInt8]>.Continuation
    private let frames = Recorder<[UInt8]>()
    private let gate: Gate?
    /// How the gateway closed the connection.
    let closed = Recorder<Close>()

    init(gate: Gate? = nil) {
        (toServer, feed) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingOldest(100))
        self.gate = gate
    }

    // MARK: The gateway's side

    func receive() async throws -> [UInt8]? {
        for await message in toServer { return message }
        try Task.checkCancellation()
        return nil
    }

    func send(_ message: [UInt8]) async throws {
        try await gate?.pass()
        frames.record(message)
    }

    func close(_ code: WebSocketCloseCode, reason: String) async {
        if closed.all.isEmpty { closed.record(Close(code: code.rawValue, reason: reason)) }
        feed.finish()
    }

    // MARK: The client's side

    func say(_ text: String) { feed.yield(Array(text.utf8)) }

    func say(_ frame: Channels.Session.FromClient) { feed.yield(JSONWriter.encode(frame)) }

    func disconnect() { feed.finish() }

    /// The next frame of the gateway.
    func next() async throws -> Schemas.ServerFrame { try JSONReader.decode(Schemas.ServerFrame.self, from: try await frames.next()) }

    /// The next frame as it is on the wire.
    func nextObject() async throws -> JSONObject { try JSONReader.decode(JSONObject.self, from: try await frames.next()) }

    /// Frames the gateway has sent so far.
    var count: Int { frames.all.count }
}

/// Lets nobody pass until it is opened; tells who comes.
final class Gate: Sendable {
    let arrived = Recorder<Void>()
    private let opened = Recorder<Void>()
    private let isOpen = Atomic(false)

    func open() {
        isOpen.store(true, ordering: .sequentiallyConsistent)
        opened.record(())
    }

    /// One at a time.
    func pass() async throws {
        arrived.record(())
        if !isOpen.load(ordering: .sequentiallyConsistent) { try await opened.next() }
    }
}
