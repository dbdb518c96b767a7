import APISupport
import AuthAPI
import FoundationEssentials
import Subprocess

/// Signs the person at the terminal in: with a token that is given, with the refresh token of last time, or by the browser.
struct SignIn: Sendable {
    /// How long a person may take in the browser.
    static let patience: Duration = .seconds(300)

    let authURL: String
    let transport: any ClientTransport
    let terminal: Terminal
    let scope: String
    /// Who fills the page in when no person does.
    let unattended: Unattended?
    /// Whether the refresh token is kept for the next start: not that of an administrator's single command.
    var keepsTokens = true

    private var client: Client { Client(serverURL: authURL, transport: transport) }

    /// - Parameter token: from `--token` or `CODELAB_TOKEN`.
    func tokens(token: String?) async throws -> AccessTokens {
        if let token { return AccessTokens(token: token, client: client, authURL: authURL) }
        guard keepsTokens, unattended == nil else {
            return try AccessTokens(try await authorize(), client: client, authURL: authURL, store: nil)
        }
        let store = try CredentialStore()
        if let refreshToken = try store.refreshToken(for: authURL) {
            do {
                return try AccessTokens(
                    try await AccessTokens.refresh(refreshToken, client: client), client: client, authURL: authURL, store: store)
            } catch is SignInFailure {
                // Used up, revoked or too old: sign in anew.
                try store.keep(refreshToken: nil, for: authURL)
            }
        }
        return try AccessTokens(try await authorize(), client: client, authURL: authURL, store: store)
    }

    /// Authorization code with PKCE through a redirect to this machine (RFC 8252 §7.3).
    func authorize() async throws -> Schemas.TokenResponse {
        let issuer = try await client.getAuthorizationServerMetadata().ok.body.issuer
        let state = ProofKey.random()
        return try await LoopbackListener.run(state: state) { listener in
            let request = AuthorizationRequest(redirectURI: listener.redirectURI, scope: scope, state: state)
            if let unattended {
                let page = SignInPage(client: client, username: unattended.username, password: unattended.password)
                terminal.note("Signing in as \(unattended.username) (authorization code + PKCE, the page filled in by this program)")
                try await listener.visit(try await page.submit(request), transport: transport)
            } else {
                let url = request.url(authURL: authURL)
                terminal.note("Sign in with your browser:\n  \(url)", .plain)
                await open(url)
            }
            let answer = try await listener.answer(within: Self.patience)
            return try await AccessTokens.issue(
                Schemas.TokenRequest(
                    grantType: .authorizationCode, clientID: AuthorizationRequest.clientID,
                    code: try request.code(from: answer, issuer: issuer),
                    redirectURI: request.redirectURI, codeVerifier: request.proofKey.verifier
                ),
                client: client
            )
        }
    }

    /// Opens the person's browser where there is a desktop; the printed URL serves everywhere else.
    private func open(_ url: String) async {
        let environment = ProcessInfo.processInfo.environment
        guard terminal.isInteractive, environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else { return }
        let result = try? await Subprocess.run(.name("xdg-open"), arguments: [url], output: .discarded, error: .discarded)
        if result?.terminationStatus.isSuccess != true { terminal.note("The browser could not be opened; open the address yourself.") }
    }
}
