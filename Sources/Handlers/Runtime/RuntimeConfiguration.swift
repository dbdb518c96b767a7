/// Every setting of the runtime.
public struct RuntimeConfiguration: Sendable {
    /// The model that the LLM proxy is asked for.
    public var model: String
    /// The most model calls of a turn. A turn that takes more fails with `step_limit`.
    public var maximumSteps = 25
    /// The longest that a turn may take, waiting for the user included. Then it fails with `turn_timeout`.
    public var turnTimeout: Duration = .seconds(3600)
    /// The longest that one model call may take. Then the turn fails with `model_unavailable`.
    public var modelTimeout: Duration = .seconds(300)
    /// How long the client has to send a tool's result, from its approval on where it needs one. Then the model is told that there is none.
    /// More than the 300 s that a command may run.
    public var toolResultTimeout: Duration = .seconds(420)
    /// How long the user has to decide about a call. Then it counts as rejected.
    public var approvalTimeout: Duration = .seconds(1800)
    /// The most turns that run at the same time, those that wait for a client included. Further messages are answered with 503.
    public var maximumRunningTurns = 1000
    /// The most bytes that the text of a model's answer, and the arguments of a tool call, may have as JSON. An answer with more fails its
    /// turn with `model_invalid_output`. Each has to fit an event: readers of event streams take events of up to 1 MiB.
    public var maximumAnswerBytes = 768 << 10
    /// The most bytes of a tool's result that the model is shown; the rest is cut off.
    public var maximumToolResultBytes = 64 << 10
    /// The most messages of the history that the model is shown.
    public var maximumHistoryMessages = 400
    /// The most bytes of the history that the model is shown, but for what the present turn needs.
    public var maximumHistoryBytes = 512 << 10
    /// The most events a session keeps for readers that resume.
    public var bufferedEvents = 2048
    /// The most bytes of events a session keeps for readers that resume.
    public var bufferedEventBytes = 1 << 20
    /// The most readers of a session's events. Further ones are answered with 503.
    public var maximumEventReaders = 16
    /// How many events a reader may lag behind before it is dropped.
    public var eventReaderBuffer = 512
    /// How many sessions are kept in memory, with their buffered events, when nothing happens in them.
    public var cachedSessions = 256

    /// How long a replica has a session without hearing of its lease's renewal, which it asks for three times as often, and at least every five
    /// seconds. So long others wait when it is killed.
    public var sessionLease: Duration = .seconds(15)
    /// How long another replica may take until its answer to a request that is passed on begins. Then it is answered with 503.
    public var forwardTimeout: Duration = .seconds(10)

    /// The defaults.
    ///
    /// - Parameter model: The model that the LLM proxy is asked for.
    public init(model: String) { self.model = model }
}

extension RuntimeConfiguration {
    var turnLimits: TurnLimits {
        TurnLimits(
            maximumSteps: maximumSteps, toolResultTimeout: toolResultTimeout, approvalTimeout: approvalTimeout,
            maximumAnswerBytes: maximumAnswerBytes, maximumToolResultBytes: maximumToolResultBytes
        )
    }

    var eventLimits: EventLimits {
        EventLimits(
            bufferedEvents: bufferedEvents, bufferedBytes: bufferedEventBytes, readers: maximumEventReaders, readerBuffer: eventReaderBuffer
        )
    }
}
