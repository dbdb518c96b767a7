import APIAsyncHTTPClient
import APISupport
import APIWebSocket
import ArgumentParser
import AsyncHTTPClient
import AuthAPI
import FoundationEssentials
import GatewayAPI

/// Measures text turns through the gateway's WebSocket against a running platform, beside a trivial HTTP round trip on the same machine.
@main
struct CodeLabBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codelab-bench",
        abstract: "Measure text turns through the gateway; see scripts/bench.",
        discussion: "Signs in as the client codelab-internal with the secret in CODELAB_AUTH_INTERNAL_SECRET."
    )

    @Option(help: "The auth service.") var auth: String
    @Option(help: "The gateway.") var gateway: String
    @Option(help: "Measured turns.") var turns = 500
    @Option(help: "Turns before them, which are not measured.") var warmUp = 50
    @Option(help: "The process of the platform, to tell its memory.") var pid: Int?

    func validate() throws {
        guard (1...1_000_000).contains(turns), (0...1_000_000).contains(warmUp) else {
            throw ValidationError("The numbers of turns must be sensible.")
        }
    }

    func run() async throws {
        guard let secret = ProcessInfo.processInfo.environment["CODELAB_AUTH_INTERNAL_SECRET"] else {
            throw ValidationError("CODELAB_AUTH_INTERNAL_SECRET is not set.")
        }
        try await HTTPClient.withHTTPClient(configuration: AsyncHTTPClientTransport.configuration()) { client in
            let transport = AsyncHTTPClientTransport(client: client)
            let echo = try await EchoBaseline.measure(transport: transport, warmUp: warmUp, rounds: turns)
            let token = try await token(secret: secret, transport: transport)
            let channels = ChannelClient(
                serverURL: gateway, transport: WebSocketClient(), credentials: BearerCredentialProvider(token: token))
            let short = try await TextTurns(client: channels, turnsPerConversation: 10).measure(warmUp: warmUp, turns: turns)
            let long = try await TextTurns(client: channels, turnsPerConversation: turns).measure(warmUp: 0, turns: turns)
            print(Report(echo: echo, short: short, long: long, memory: pid.flatMap(Report.residentMegabytes)).markdown)
        }
    }

    private func token(secret: String, transport: AsyncHTTPClientTransport) async throws -> String {
        let request = AuthAPI.Schemas.TokenRequest(
            grantType: .clientCredentials, clientID: "codelab-internal", clientSecret: secret, scope: "api:read api:write"
        )
        return try await AuthAPI.Client(serverURL: auth, transport: transport).token(.init(body: request)).ok.body.accessToken
    }
}
