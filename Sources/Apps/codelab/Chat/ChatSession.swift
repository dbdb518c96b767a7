import APISupport
import ArgumentParser
import GatewayAPI
import Synchronization
import UnixSignals
import Workspace

/// A chat over as many connections as it takes: one, unless the access token ends between two turns.
struct ChatSession: Sendable {
    let client: ChannelClient
    let workspace: Workspace
    let terminal: Terminal
    let input: StandardInput
    let approver: Approver

    /// - Returns: how the last turn ended.
    func run(sessionID: String?, first: String?, isOneTurn: Bool) async throws -> TurnEnding {
        let interrupts = Interrupts()
        return try await withThrowingTaskGroup(of: TurnEnding?.self) { group in
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint) {
                    guard let cancelTurn = interrupts.interrupt() else { throw ExitCode(130) }
                    terminal.note("cancelling; Ctrl-C again leaves", .warning)
                    try await cancelTurn()
                }
                return nil
            }
            group.addTask { try await talk(sessionID: sessionID, first: first, isOneTurn: isOneTurn, interrupts) }
            defer { group.cancelAll() }
            while let ending = try await group.next() {
                if let ending { return ending }
            }
            return .cancelled
        }
    }

    private func talk(sessionID: String?, first: String?, isOneTurn: Bool, _ interrupts: Interrupts) async throws -> TurnEnding {
        let session = SessionID(sessionID)
        var next = first
        var last = TurnEnding.completed
        while true {
            // Asked before connecting: a person may take longer than a connection's token lasts.
            let text: String
            if let given = next {
                text = given
            } else if let line = try await ask() {
                text = line
            } else {
                break
            }
            next = nil
            let id = session.value ?? "new_" + ProofKey.random().prefix(16)
            last = try await client.session(Channels.Session.Parameters(sessionID: id, deltas: true)) { connection in
                let conversation = Conversation(
                    connection: connection, workspace: workspace, terminal: terminal, input: input, approver: approver,
                    interrupts: interrupts,
                    sessionBegan: { session.set($0) }
                )
                return try await conversation.turn(text)
            }
            if isOneTurn { break }
        }
        if let id = session.value { terminal.note("Go on with: codelab chat --session \(id)") }
        return last
    }

    /// What the person says next; nil when they are done.
    private func ask() async throws -> String? {
        while true {
            if terminal.isInteractive { terminal.ask(">") }
            guard let line = try await input.line() else { return nil }
            if !line.trimmed.isEmpty { return line }
        }
    }
}

/// The session of a chat, once the server has named it.
private final class SessionID: Sendable {
    private let id: Mutex<String?>

    init(_ id: String?) { self.id = Mutex(id) }

    var value: String? { id.withLock { $0 } }

    func set(_ id: String) { self.id.withLock { $0 = id } }
}
