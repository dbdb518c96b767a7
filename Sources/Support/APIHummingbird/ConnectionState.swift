internal import APISupport
internal import HTTPTypes
internal import Synchronization

/// What is known about one connection beside its requests.
final class ConnectionState: Sendable {
    private struct State {
        var accepted: (@Sendable (any MessageTransport) async -> Void)?
        var rejection: ServerResponse?
    }

    private let state = Mutex(State())
    /// Resolved when the peer has closed its side: nobody waits for an answer any more.
    let inputClosed = OneShot<Void>()

    /// The peer has closed its side.
    func closeInput() { inputClosed.resolve(.success(())) }

    // MARK: Upgrades

    func accept(_ run: @escaping @Sendable (any MessageTransport) async -> Void) { state.withLock { $0.accepted = run } }

    func reject(_ response: ServerResponse) { state.withLock { $0.rejection = response } }

    var acceptedUpgrade: (@Sendable (any MessageTransport) async -> Void)? { state.withLock { $0.accepted } }

    /// The answer to the request that asked for an upgrade; once.
    func takeRejection() -> ServerResponse? {
        state.withLock { state in
            defer { state.rejection = nil }
            return state.rejection
        }
    }

    /// For a request that never got as far as its route: it asked for an upgrade in a way that RFC 6455 §4.1 does not know.
    func rejectIfUndecided() {
        state.withLock { state in
            guard state.rejection == nil else { return }
            let failure = RequestFailure(.invalid, detail: "This is no WebSocket handshake of version 13.")
            state.rejection = .problem(Problem(failure), headerFields: [.secWebSocketVersion: "13"])
        }
    }
}
