internal import APISupport
internal import Synchronization

/// The value of `Date` (RFC 9110 §6.6.1), which has whole seconds: made once a second for all connections.
final class DateField: Sendable {
    static let shared = DateField()

    private struct State {
        var second = Int64.min
        var text = ""
    }

    private let state = Mutex(State())

    /// The text for this second.
    var now: String {
        let now = Timestamp.now()
        return state.withLock { state in
            if state.second != now.secondsSinceEpoch { state = State(second: now.secondsSinceEpoch, text: now.httpDate) }
            return state.text
        }
    }
}
