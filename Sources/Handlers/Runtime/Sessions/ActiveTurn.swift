import Tracing

/// A turn that runs, with what its session needs to drive it.
struct ActiveTurn: Sendable {
    var machine: TurnStateMachine
    /// The conversation as far as it is stored.
    var conversation: [Message] = []
    /// What has to be stored and announced next.
    var outbox = TurnEffects()
    /// The model's present answer but for its text; nil until the model says that it is complete.
    var answer: ModelAnswer?
    /// Tool calls of the present answer, as far as they have come.
    var toolCalls: [ToolCall] = []
    /// Its record, once it is driven.
    var span: (any Span)?
    /// The ``Moment/uptime`` at which the turn began.
    let start: Duration
    /// The ``Moment/uptime`` at which the turn is given up.
    let deadline: Duration
    /// Something came from the client.
    let progress = Signal()
    /// The model call must stop.
    let stop = Signal()

    init(machine: TurnStateMachine, start: Duration, deadline: Duration) {
        self.machine = machine
        self.start = start
        self.deadline = deadline
    }

    /// The effects that wait, taken out.
    mutating func takeOutbox() -> TurnEffects {
        defer { outbox = TurnEffects() }
        return outbox
    }

    /// Ids of all calls in the conversation.
    var usedCallIDs: Set<String> { Set(conversation.lazy.flatMap(\.toolCalls).map(\.id)) }

    /// Bytes of arguments of ``toolCalls``.
    var toolCallBytes: Int { toolCalls.reduce(into: 0) { $0 += $1.arguments.utf8.count + $1.name.utf8.count } }
}
