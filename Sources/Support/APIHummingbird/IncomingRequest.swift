internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// A request as a connection hands it over.
struct IncomingRequest: Sendable {
    enum Body: Sendable {
        case none
        /// It was here with the head.
        case whole(ByteBuffer)
        case stream(IncomingBody)
    }

    var head: HTTPRequestHead
    var body: Body
}

/// A request's body that comes in more than one read; for one reader.
///
/// `@unchecked Sendable`: `isBusy` keeps a second reader away from the iterator.
final class IncomingBody: @unchecked Sendable {
    private typealias Producer = NIOThrowingAsyncSequenceProducer<
        ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Demand
    >
    typealias Source = NIOThrowingAsyncSequenceProducer<
        ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Demand
    >.Source

    struct Demand: NIOAsyncSequenceProducerDelegate {
        fileprivate let connection: HTTPConnectionLink

        func produceMore() { connection.resumeBody() }

        func didTerminate() { connection.resumeBody() }
    }

    private struct ReadTwice: Error {}

    private let connection: HTTPConnectionLink
    private var iterator: Producer.AsyncIterator
    private var hasAsked = false
    private let isBusy = Atomic<Bool>(false)

    /// At most as many pieces as `NIOAsyncChannel` keeps wait for the reader.
    static func make(for connection: HTTPConnectionLink) -> (Source, IncomingBody) {
        let parts = Producer.makeSequence(
            backPressureStrategy: .init(lowWatermark: 2, highWatermark: 10), finishOnDeinit: true, delegate: Demand(connection: connection))
        return (parts.source, IncomingBody(connection, parts.sequence))
    }

    private init(_ connection: HTTPConnectionLink, _ sequence: Producer) {
        self.connection = connection
        iterator = sequence.makeAsyncIterator()
    }

    func next() async throws -> [UInt8]? {
        guard !isBusy.exchange(true, ordering: .acquiring) else { throw ReadTwice() }
        defer { isBusy.store(false, ordering: .releasing) }
        if !hasAsked {
            hasAsked = true
            connection.wantsBody()
        }
        guard let buffer = try await iterator.next() else { return nil }
        return [UInt8](buffer.readableBytesView)
    }
}
