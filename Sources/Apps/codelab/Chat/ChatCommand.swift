import APISupport
import APIWebSocket
import ArgumentParser
import GatewayAPI
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
              CODELAB_USERNAME=ada CODELAB_PASSWORD_FILE=… codelab chat --password-from-env --yes "…"    (scripts)

            Exit status: 0 done, 1 the turn failed or was cancelled, 2 wrong usage, 3 not signed in.
            """
    )

    @Option(help: "The gateway (CODELAB_GATEWAY_URL).") var gateway: String?
    @Option(help: "The folder that the agent's tools work in.") var workspace = "."
    @Option(help: "Go on with a session instead of beginning one.") var session: String?
    @Flag(help: "Approve every tool call that asks; without it and without a terminal such calls are refused.") var yes = false
    @OptionGroup(title: "Sign-in") var signIn: SignInOptions
    @Argument(help: "What to say; '-' reads it from standard input.") var message: String?

    func validate() throws {
        if let message, message.trimmed.isEmpty { throw ValidationError("The message is empty.") }
    }

    func run() async throws {
        try await Terminal.run { sources, terminal in
            let gatewayURL = sources.text(.gatewayURL, flag: gateway) ?? "http://127.0.0.1:\(ServiceName.gateway.defaultPort)"
            let workspace = try Workspace(at: workspace)
            let input = StandardInput()
            let first = message == "-" ? try await input.all() : message
            let ending = try await signIn.signedIn(scope: "api:read api:write", sources: sources, terminal: terminal) { access in
                let chat = ChatSession(
                    client: ChannelClient(serverURL: gatewayURL, transport: WebSocketClient(), credentials: access.tokens),
                    workspace: workspace, terminal: terminal, input: input,
                    approver: Approver(terminal: terminal, input: input, approvesAll: yes)
                )
                return try await chat.run(sessionID: session, first: first, isOneTurn: message != nil)
            }
            if ending != .completed { throw ExitCode(1) }
        }
    }
}
