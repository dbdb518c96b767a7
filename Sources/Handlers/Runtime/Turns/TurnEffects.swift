/// What a step of a turn leads to: first all of it is stored, then the events are announced.
struct TurnEffects: Sendable, Equatable {
    var messages: [Message] = []
    var switches: [AgentSwitch] = []
    var events: [SessionEvent] = []

    var isEmpty: Bool { messages.isEmpty && switches.isEmpty && events.isEmpty }

    /// Adds what comes later.
    mutating func append(_ later: TurnEffects) {
        messages += later.messages
        switches += later.switches
        events += later.events
    }
}
