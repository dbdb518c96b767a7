/// The requests and answers of one connection: hands replies to whoever asked, has the peer's requests answered, and keeps everything else
/// for `incoming`.
final class Exchange<Incoming: JSONReadable, Outgoing: JSONWritable>: Sendable {
    private let transport: any MessageTransport
    private let rules: ExchangeRules<Incoming, Outgoing>
    let limits: ExchangeLimits
    private let named: ReplyTable<[UInt8]>
    /// Of replies without a correlation id there can be one only.
    private let ordered: ReplyTable<[UInt8]>
    private let inbox: BoundedQueue<ReceivedMessage<Incoming>>
    private let ids = CorrelationSequence()

    init(transport: any MessageTransport, rules: ExchangeRules<Incoming, Outgoing>, limits: ExchangeLimits) {
        self.transport = transport
        self.rules = rules
        self.limits = limits
        named = ReplyTable(places: limits.requestsInFlight, clock: limits.clock)
        ordered = ReplyTable(places: 1, clock: limits.clock)
        inbox = BoundedQueue(capacity: limits.waitingMessages)
    }

    func next() async throws -> ReceivedMessage<Incoming>? { try await inbox.next() }

    // MARK: Asking

    func request(
        _ operationID: String, _ message: Outgoing, correlation: CorrelationRule?, timeout: Duration?
    ) async throws -> [UInt8] {
        var bytes = MessageFrame.encode(message)
        let timeout = timeout ?? limits.timeout
        let transport = transport
        guard let correlation else {
            let request = bytes
            return try await ordered.request(operationID, timeout: timeout, name: nil) { try await transport.send(request) }
        }
        let name: String
        switch JSONLocation.find(correlation.request, in: bytes) {
        case .value(let value): name = value
        case .absent(let offset):
            let value = ids.next(correlation.kind)
            JSONLocation.insert(correlation.request[correlation.request.count - 1], value, at: offset, into: &bytes)
            name = value.text
        case .nowhere: throw RequestError(operationID: operationID, code: .uncorrelated)
        }
        let request = bytes
        return try await named.request(operationID, timeout: timeout, name: name) { try await transport.send(request) }
    }

    // MARK: Reading

    /// Reads to the end of the connection. Throws what an answer threw, after which the connection is of no use.
    func run() async throws {
        do {
            try await read()
            finish(nil)
        } catch {
            finish(error)
            throw error
        }
    }

    /// A request of the peer, and how it is answered.
    private struct Question: Sendable {
        let bytes: [UInt8]
        let answer: ExchangeAnswer<Outgoing>
    }

    /// One task reads, others answer. The first failure of any ends all; answers that are not ready when the connection ends are cancelled.
    private func read() async throws {
        let questions = BoundedQueue<Question>(capacity: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await self.receive(into: questions)
                    questions.finish()
                } catch {
                    questions.finish(error)
                }
            }
            defer { group.cancelAll() }
            var answering = 0
            while let question = try await questions.next() {
                if answering >= limits.answersInFlight { try await group.next() } else { answering += 1 }
                group.addTask {
                    do {
                        try await self.answer(question)
                    } catch {
                        questions.finish(error)
                    }
                }
            }
        }
    }

    private func receive(into questions: BoundedQueue<Question>) async throws {
        while let bytes = try await transport.receive() {
            if isReply(bytes) { continue }
            let received = Self.decode(bytes)
            guard case .message(let message) = received, let answer = rules.answer(message) else {
                try await keep(received)
                continue
            }
            while !questions.offer(Question(bytes: bytes, answer: answer)) {
                try Task.checkCancellation()
                try await questions.room()
            }
        }
    }

    private static func decode(_ bytes: [UInt8]) -> ReceivedMessage<Incoming> {
        do throws(RequestFailure) {
            return .message(try MessageFrame.decode(Incoming.self, from: bytes))
        } catch {
            return .invalid(error)
        }
    }

    private func isReply(_ bytes: [UInt8]) -> Bool {
        if named.hasNamed {
            for location in rules.replies {
                if case .value(let name) = JSONLocation.find(location, in: bytes), named.deliver(bytes, for: name) { return true }
            }
        }
        return ordered.hasOrdered && rules.isOrderedReply(bytes) && ordered.deliverInOrder(bytes)
    }

    private func answer(_ question: Question) async throws {
        var reply = MessageFrame.encode(try await question.answer.run())
        if let correlation = question.answer.correlation,
            case .value(let name) = JSONLocation.find(correlation.request, in: question.bytes),
            case .absent(let offset) = JSONLocation.find(correlation.reply, in: reply)
        {
            let value = correlation.kind == .integer ? Int64(name).map { CorrelationValue.integer($0) } : nil
            JSONLocation.insert(correlation.reply[correlation.reply.count - 1], value ?? .string(name), at: offset, into: &reply)
        }
        try await transport.send(reply)
    }

    private func keep(_ received: ReceivedMessage<Incoming>) async throws {
        while !inbox.offer(received) {
            switch limits.overflow {
            case .holdBack: try await inbox.room()
            case .close(let code):
                let reason = "more than \(limits.waitingMessages) messages wait"
                await transport.close(code, reason: reason)
                throw WebSocketClosed(code: code, reason: reason)
            }
        }
    }

    private func finish(_ error: (any Error)?) {
        inbox.finish(error)
        let failure = error ?? WebSocketClosed(code: .normal, reason: "")
        named.finish(failure)
        ordered.finish(failure)
    }
}

/// What a channel's document says about requests and replies, seen from one side of a connection.
public struct ExchangeRules<Incoming: JSONReadable, Outgoing: JSONWritable>: Sendable {
    /// Where replies to this side's requests carry their correlation id.
    let replies: [[String]]
    /// Whether a message is a reply that carries none.
    let isOrderedReply: @Sendable ([UInt8]) -> Bool
    /// How a request of the other side is answered; nil: the message is none.
    let answer: @Sendable (Incoming) -> ExchangeAnswer<Outgoing>?

    public init(
        replies: [[String]] = [], isOrderedReply: @escaping @Sendable ([UInt8]) -> Bool = { _ in false },
        answer: @escaping @Sendable (Incoming) -> ExchangeAnswer<Outgoing>? = { _ in nil }
    ) {
        self.replies = replies
        self.isOrderedReply = isOrderedReply
        self.answer = answer
    }
}

/// The answer to one request.
public struct ExchangeAnswer<Outgoing: JSONWritable>: Sendable {
    let correlation: CorrelationRule?
    let run: @Sendable () async throws -> Outgoing

    /// The request's correlation id is put into the reply, unless that has one of its own.
    public init(correlation: CorrelationRule?, _ run: @escaping @Sendable () async throws -> Outgoing) {
        self.correlation = correlation
        self.run = run
    }
}
