/// Events as the bytes of an event stream, one chunk an event, then one for the terminator.
struct EventBytes<Value: Sendable>: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let events: EventStream<Value>
    let terminator: StaticString?
    /// The data of one event.
    let data: @Sendable (Value) -> [UInt8]

    func makeAsyncIterator() -> Iterator { Iterator(events: events.makeAsyncIterator(), terminator: terminator, data: data) }

    struct Iterator: AsyncIteratorProtocol {
        var events: EventStream<Value>.Iterator
        var terminator: StaticString?
        let data: @Sendable (Value) -> [UInt8]

        mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> [UInt8]? {
            if let event = try await events.next(isolation: actor) {
                return EventText.bytes(ServerSentEvent(event: event.event, id: event.id, data: data(event.data), retry: event.retry))
            }
            defer { terminator = nil }
            return terminator.map { EventText.bytes(ServerSentEvent(data: [UInt8]($0.description.utf8))) }
        }
    }
}

/// The text form of an event (WHATWG HTML §9.2.5).
enum EventText {
    static func bytes(_ event: ServerSentEvent<[UInt8]>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(event.data.count + 16)
        if let type = event.event { append("event", singleLine(type), to: &result) }
        if let id = event.id { append("id", singleLine(id), to: &result) }
        if let retry = event.retry { append("retry", [UInt8](String(retry).utf8)[...], to: &result) }
        for line in event.data.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            append("data", line, to: &result)
        }
        result.append(0x0A)
        return result
    }

    private static func append(_ name: StaticString, _ value: ArraySlice<UInt8>, to result: inout [UInt8]) {
        result += UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        result += [UInt8(ascii: ":"), UInt8(ascii: " ")]
        result += value
        result.append(0x0A)
    }

    /// Line breaks would end the field, a zero byte would void an id.
    private static func singleLine(_ text: String) -> ArraySlice<UInt8> {
        text.utf8.map { $0 == 0x0A || $0 == 0x0D || $0 == 0 ? 0x20 : $0 }[...]
    }
}
