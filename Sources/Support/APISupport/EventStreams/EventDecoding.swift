/// The typed events in a stream of bytes. Ends at the event whose data is `terminator`, or with the bytes.
struct DecodedEvents<Value: Sendable>: AsyncSequence, Sendable {
    typealias Element = ServerSentEvent<Value>

    let bytes: ByteStream
    let terminator: StaticString?
    /// Reads the data of one event; what it throws ends the stream.
    let decode: @Sendable ([UInt8]) throws -> Value

    func makeAsyncIterator() -> Iterator {
        Iterator(bytes: bytes.makeAsyncIterator(), terminator: terminator.map { [UInt8]($0.description.utf8) }, decode: decode)
    }

    struct Iterator: AsyncIteratorProtocol {
        var bytes: ByteStream.Iterator
        let terminator: [UInt8]?
        let decode: @Sendable ([UInt8]) throws -> Value
        var parser = EventStreamParser()
        /// Events of the last chunk that are still to be given out.
        var pending: ArraySlice<EventStreamParser.Event> = []
        var isAtEnd = false

        mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> Element? {
            while !isAtEnd {
                if let event = pending.popFirst() {
                    if event.data == terminator { break }
                    return Element(event: event.event, id: event.id, data: try decode(event.data), retry: event.retry)
                }
                guard let chunk = try await bytes.next(isolation: actor) else { break }
                pending = try parser.feed(chunk)[...]
            }
            isAtEnd = true
            return nil
        }
    }
}
