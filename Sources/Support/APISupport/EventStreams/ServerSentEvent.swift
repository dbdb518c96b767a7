/// One server-sent event (WHATWG HTML §9.2) whose data is a `Value`.
public struct ServerSentEvent<Value: Sendable>: Sendable {
    /// The event's type; nil is `message`.
    public var event: String?
    /// The last event id; nil when none was given yet.
    public var id: String?
    public var data: Value
    /// Milliseconds a client should wait before it connects again.
    public var retry: Int?

    public init(event: String? = nil, id: String? = nil, data: Value, retry: Int? = nil) {
        self.event = event
        self.id = id
        self.data = data
        self.retry = retry
    }
}

extension ServerSentEvent: Equatable where Value: Equatable {}

/// Events as they come; pulled by its consumer. Iterate it once.
public struct EventStream<Value: Sendable>: AsyncSequence, Sendable {
    public typealias Element = ServerSentEvent<Value>

    private let base: ErasedSequence<Element>

    public init<Base: AsyncSequence & Sendable>(_ sequence: Base) where Base.Element == ServerSentEvent<Value> {
        base = ErasedSequence(sequence)
    }

    public func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator()) }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: ErasedSequence<ServerSentEvent<Value>>.Iterator

        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> ServerSentEvent<Value>? {
            try await base.next(isolation: actor)
        }
    }
}
