/// What a step of a turn leads to: first all of it is stored, then the events are announced to the session's readers. What is told outside of
/// the session is stored too, and published from there.
struct TurnEffects: Sendable, Equatable {
    var messages: [Message] = []
    var switches: [AgentSwitch] = []
    var events: [SessionEvent] = []
    /// What is told outside, in order; of the messages one each.
    var occurrences: [Occurrence] = []

    var isEmpty: Bool { messages.isEmpty && switches.isEmpty && events.isEmpty && occurrences.isEmpty }

    /// Whether there is something to store.
    var isLasting: Bool { !(messages.isEmpty && switches.isEmpty && occurrences.isEmpty) }

    /// Adds what comes later.
    mutating func append(_ later: TurnEffects) {
        messages += later.messages
        switches += later.switches
        events += later.events
        occurrences += later.occurrences
    }
}
