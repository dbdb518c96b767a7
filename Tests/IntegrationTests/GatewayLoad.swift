import APISupport
import APIWebSocket
import Foundation
import GatewayAPI
import Synchronization
import TestServers
import Testing

@testable import codelab

/// People who sign in and talk by way of the gateway, and do it again when something breaks.
final class GatewayLoad: Sendable {
    /// What the model says to them.
    static let scenario = """
        version: 1
        models: [scripted]
        scenarios:
          - name: reading
            when: {user: {matches: README}}
            steps:
              - text: "I will read it."
                tool_calls: [{name: read_file, arguments: {path: README.md}}]
              - text: "It says what this project is for, in a few words."
        default:
          text: "You said: {{user}}"
        """

    /// A conversation has that many turns.
    private static let turnsOfSession = 4
    /// A lease lasts 15 seconds, and its sweep comes at most as much later; whoever hears nothing for longer waits in vain.
    private static let patience = Duration.seconds(60)

    struct Counts {
        var completed = 0
        /// Turns that were told to have failed, or were cancelled.
        var failed = 0
        /// Frames of errors: what was said is refused, or events were lost.
        var refused = 0
        /// Connections and sign-ins that were refused or broke.
        var broken = 0
        var signedIn = 0
    }

    private let platform: RunningPlatform
    private let state = Mutex(Counts())
    private let isStopped = Atomic(false)

    init(_ platform: RunningPlatform) { self.platform = platform }

    var counts: Counts { state.withLock(\.self) }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Waits until so many more turns have been told to be complete.
    func waitForTurns(_ count: Int) async throws {
        let goal = counts.completed + count
        try await Deadline.wait("\(count) more turns", within: .seconds(90)) { counts.completed >= goal }
    }

    /// Talks until it is stopped.
    ///
    /// - Parameter isPatient: Whether a session is taken up again when its connection or its turn was lost, until it has all its turns, also when
    ///   the load is stopped meanwhile. Otherwise a new one is begun.
    func talk(as user: String, password: String, isPatient: Bool) async throws {
        while !isStopped.load(ordering: .relaxed) {
            do {
                let tokens = try await platform.signIn(as: user, password: password)
                count { $0.signedIn += 1 }
                try await converse(tokens, isPatient)
            } catch is Impatience {
                continue
            } catch {
                try await pause(after: error)
            }
        }
    }

    private func converse(_ tokens: AccessTokens, _ isPatient: Bool) async throws {
        let client = ChannelClient(serverURL: platform.url(of: .gateway), transport: WebSocketClient(), credentials: tokens)
        let session = Mutex("new_1")
        let turns = Atomic(0)
        @Sendable func isOver() -> Bool {
            turns.load(ordering: .relaxed) >= Self.turnsOfSession || (isStopped.load(ordering: .relaxed) && !isPatient)
        }
        while !isOver() {
            do {
                try await inTime {
                    try await client.session(.init(sessionID: session.withLock(\.self), deltas: true)) {
                        (connection: Channels.Session.ClientConnection) async throws -> Void in
                        while !isOver() {
                            if try await self.turn(connection, session) {
                                turns.add(1, ordering: .relaxed)
                                self.count { $0.completed += 1 }
                                // The pace of a quick person.
                                try await Task.sleep(for: .milliseconds(20))
                            } else if isPatient {
                                try await Task.sleep(for: .milliseconds(200))
                            } else {
                                throw Impatience()
                            }
                        }
                    }
                }
            } catch  where isPatient && !(error is InVain) {
                try await pause(after: error)
            }
        }
    }

    /// Says something, lets the agent read a file when it wants to, and hears the answer.
    ///
    /// - Returns: Whether the turn was completed; not: it was refused, or has failed.
    private func turn(_ connection: Channels.Session.ClientConnection, _ session: borrowing Mutex<String>) async throws -> Bool {
        try await connection.send(.userMessage(.init(content: Bool.random() ? "Hello" : "Read the README")))
        for try await case .message(let frame) in connection.incoming {
            if let id = frame.sessionID, frame.type == .sessionInfo { session.withLock { $0 = id } }
            if let call = frame.callID, frame.type == .toolCall {
                // So long it takes to read it.
                try await Task.sleep(for: .milliseconds(30))
                try await connection.send(.toolResult(.init(callID: call, result: .object(["content": "A project."]))))
            }
            let state = frame.metadata?["state"]?.stringValue
            if state == "turn_completed" { return true }
            if state == "turn_failed" || state == "turn_cancelled" {
                count { $0.failed += 1 }
                return false
            }
            guard frame.type == .error else { continue }
            count { $0.refused += 1 }
            // It may wait for a tool that was asked for when nobody heard it.
            let code = frame.metadata?["code"]?.stringValue
            if code == "turn_running" || code == "events_lost" { try await connection.send(.cancel(.init())) }
            if code != "events_lost" { return false }
        }
        throw Ended()
    }

    private func count(_ change: (inout Counts) -> Void) { state.withLock { change(&$0) } }

    /// What was lost was killed, unless it was lost in vain.
    private func pause(after error: any Error) async throws {
        try Task.checkCancellation()
        if error is InVain { throw error }
        count { $0.broken += 1 }
        try await Task.sleep(for: .milliseconds(100))
    }

    private func inTime(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: Self.patience)
                throw InVain()
            }
            try await group.next()
        }
    }

    /// Another session is begun.
    private struct Impatience: Error {}
    /// The gateway has closed the connection.
    private struct Ended: Error {}
    /// A connection was open for too long.
    private struct InVain: Error {}
}
