import APIAsyncHTTPClient
import ArgumentParser
import AsyncHTTPClient

/// How a command that needs a person's token comes by one: its flags, and the signing in.
struct SignInOptions: ParsableArguments {
    @Option(help: "The auth service (CODELAB_AUTH_URL).") var auth: String?
    @Option(help: "An access token, instead of signing in (CODELAB_TOKEN, CODELAB_TOKEN_FILE; on the command line others can see it).")
    var token: String?
    @Flag(
        help:
            "Fill the sign-in page in with CODELAB_USERNAME and CODELAB_PASSWORD (or CODELAB_PASSWORD_FILE), for scripts without a browser."
    )
    var passwordFromEnv = false

    /// What a signed-in command works with, as long as its body runs.
    struct Access: Sendable {
        let authURL: String
        let transport: AsyncHTTPClientTransport
        let tokens: AccessTokens
    }

    /// Signs in for the scopes of `scope` and gives `body` what it needs to call the platform.
    ///
    /// Throws ``SignInFailure``, ``ConfigurationError``, and what `body` throws.
    func signedIn<Result: Sendable>(
        scope: String, keepsTokens: Bool = true, sources: ConfigurationSources, terminal: Terminal,
        _ body: (Access) async throws -> Result
    ) async throws -> Result {
        let authURL = sources.text(.authURL, flag: auth) ?? "http://127.0.0.1:\(ServiceName.auth.defaultPort)"
        let token = try sources.secret(.token, flag: token)
        let unattended = try passwordFromEnv ? Unattended(sources) : nil
        return try await HTTPClient.withHTTPClient(configuration: AsyncHTTPClientTransport.configuration()) { client in
            let transport = AsyncHTTPClientTransport(client: client)
            let signIn = SignIn(
                authURL: authURL, transport: transport, terminal: terminal, scope: scope, unattended: unattended, keepsTokens: keepsTokens)
            return try await body(Access(authURL: authURL, transport: transport, tokens: try await signIn.tokens(token: token)))
        }
    }
}
