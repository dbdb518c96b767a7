import APIAsyncHTTPClient
import APISupport
import APIWebSocket
import ArgumentParser
import AsyncHTTPClient
import FoundationEssentials
import GatewayAPI
import Synchronization
import UnixSignals
import Workspace

/// `codelab chat`: the terminal client.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Talk with an agent about a folder; its tools run in that folder and never leave it.",
        discussion: """
            Without MESSAGE a conversation at the terminal: Ctrl-C cancels the turn, a second one leaves. With MESSAGE one turn, the answer on
            standard output, the rest on standard error.

            Examples:
              codelab chat
              codelab chat --workspace ~/project "What does Package.swift declare?"
              codelab chat --session ses_01 "And now write it to SUMMARY.md"
              CODELAB_USERNAME=ada CODELAB_PASSWORD=… codelab chat --password-from-env --yes "…"    (scripts)

            Exit status: 0 done, 1 the turn failed or was cancelled, 2 wrong usage, 3 not signed in.
            """
    )

    @Option(help: "The gateway (CODELAB_GATEWAY_URL).") var gateway: String?
    @Option(help: "The auth service (CODELAB_AUTH_URL).") var auth: String?
    @Option(help: "The folder that the agent's tools work in.") var workspace = "."
    @Option(help: "Go on with a session instead of beginning one.") var session: String?
    @Option(help: "An access token, instead of signing in (CODELAB_TOKEN; on the command line others can see it).") var token: String?
    @Flag(help: "Approve every tool call that asks; without it and without a terminal such calls are refused.") var yes = false
    @Flag(help: "Fill the sign-in page in with CODELAB_USERNAME and CODELAB_PASSWORD, for scripts without a browser.") var passwordFromEnv =
        false
    @Argument(help: "What to say; '-' reads it from standard input.") var message: String?

    func validate() throws {
        if let message, message.trimmed.isEmpty { throw ValidationError("The message is empty.") }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let terminal = Terminal(environment: environment)
        do {
            try await chat(environment, terminal)
        } catch let code as ExitCode {
            throw code
        } catch {
            let (text, code) = ChatFailure.describe(error)
            terminal.note(text, .failure)
            throw code
        }
    }

    private func chat(_ environment: [String: String], _ terminal: Terminal) async throws {
        let sources = try ConfigurationSources(filePath: nil, environment: environment)
        let authURL = sources.text(.authURL, flag: auth) ?? "http://127.0.0.1:\(ServiceName.auth.defaultPort)"
        let gatewayURL = sources.text(.gatewayURL, flag: gateway) ?? "http://127.0.0.1:\(ServiceName.gateway.defaultPort)"
        let workspace = try Workspace(at: workspace)
        let input = StandardInput()
        let first = message == "-" ? try await input.all() : message

        let token = token ?? environment["CODELAB_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        let unattended = try Unattended(environment, isWanted: passwordFromEnv)
        let ending = try await HTTPClient.withHTTPClient(configuration: AsyncHTTPClientTransport.configuration()) { client in
            let signIn = SignIn(
                authURL: authURL, transport: AsyncHTTPClientTransport(client: client), terminal: terminal, scope: "api:read api:write",
                unattended: unattended
            )
            let chat = ChatSession(
                client: ChannelClient(
                    serverURL: gatewayURL, transport: WebSocketClient(), credentials: try await signIn.tokens(token: token)),
                workspace: workspace, terminal: terminal, input: input,
                approver: Approver(terminal: terminal, input: input, approvesAll: yes)
            )
            return try await chat.run(sessionID: session, first: first, isOneTurn: message != nil)
        }
        if ending != .completed { throw ExitCode(1) }
    }
}

/// A chat over as many connections as it takes: one, unless the access token ends between two turns.
private struct ChatSession: Sendable {
    let client: ChannelClient
    let workspace: Workspace
    let terminal: Terminal
    let input: StandardInput
    let approver: Approver

    /// - Returns: how the last turn ended.
    func run(sessionID: String?, first: String?, isOneTurn: Bool) async throws -> TurnEnding {
        let interrupts = Interrupts()
        let connected = Mutex<Channels.Session.ClientConnection?>(nil)
        return try await withThrowingTaskGroup(of: TurnEnding?.self) { group in
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint) {
                    guard interrupts.interrupt(), let connection = connected.withLock({ $0 }) else { throw ExitCode(130) }
                    terminal.note("cancelling; Ctrl-C again leaves", .warning)
                    try await connection.send(.cancel(GatewayAPI.Schemas.Cancel()))
                }
                return nil
            }
            group.addTask {
                try await talk(sessionID: sessionID, first: first, isOneTurn: isOneTurn, interrupts) { connection in
                    connected.withLock { $0 = connection }
                }
            }
            defer { group.cancelAll() }
            while let ending = try await group.next() {
                if let ending { return ending }
            }
            return .cancelled
        }
    }

    private func talk(
        sessionID: String?, first: String?, isOneTurn: Bool, _ interrupts: Interrupts,
        connected: @Sendable @escaping (Channels.Session.ClientConnection) -> Void
    ) async throws -> TurnEnding {
        let session = Mutex(sessionID)
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
            let id = session.withLock { $0 } ?? "new_" + ProofKey.random().prefix(16)
            last = try await client.session(Channels.Session.Parameters(sessionID: id, deltas: true)) { connection in
                connected(connection)
                let conversation = Conversation(
                    connection: connection, workspace: workspace, terminal: terminal, input: input, approver: approver,
                    interrupts: interrupts,
                    sessionBegan: { id in session.withLock { $0 = id } }
                )
                return try await conversation.turn(text)
            }
            if isOneTurn { break }
        }
        if let id = session.withLock({ $0 }) { terminal.note("Go on with: codelab chat --session \(id)") }
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
