import APISupport
import AuthAPI

/// The chat client's tokens: gives the access token to the generated clients, and renews it before it ends.
actor AccessTokens: CredentialProvider {
    /// A token is renewed when less than this is left.
    private static let margin: Int64 = 60

    private let client: Client
    private let authURL: String
    /// nil: tokens are not kept.
    private let store: CredentialStore?
    private var accessToken: String
    private var refreshToken: String?
    private var expiresAt: Timestamp?

    /// A token from elsewhere, used as it is.
    init(token: String, client: Client, authURL: String) {
        self.client = client
        self.authURL = authURL
        store = nil
        accessToken = token
    }

    /// Issued tokens; with a store the refresh token is kept for the next start.
    init(_ response: Schemas.TokenResponse, client: Client, authURL: String, store: CredentialStore?) throws {
        self.client = client
        self.authURL = authURL
        self.store = store
        accessToken = response.accessToken
        refreshToken = response.refreshToken
        expiresAt = Self.expiry(response)
        try store?.keep(refreshToken: response.refreshToken, for: authURL)
    }

    func credential(scheme: String) async throws -> String? {
        if let expiresAt, let refreshToken, expiresAt.secondsSinceEpoch - Timestamp.now().secondsSinceEpoch < Self.margin {
            let response = try await Self.refresh(refreshToken, client: client)
            accessToken = response.accessToken
            self.refreshToken = response.refreshToken ?? refreshToken
            self.expiresAt = Self.expiry(response)
            try store?.keep(refreshToken: self.refreshToken, for: authURL)
        }
        return accessToken
    }

    /// Exchanges a refresh token (RFC 6749 §6).
    static func refresh(_ refreshToken: String, client: Client) async throws -> Schemas.TokenResponse {
        try await issue(
            Schemas.TokenRequest(grantType: .refreshToken, clientID: AuthorizationRequest.clientID, refreshToken: refreshToken),
            client: client
        )
    }

    /// Asks the token endpoint.
    static func issue(_ request: Schemas.TokenRequest, client: Client) async throws -> Schemas.TokenResponse {
        let error: Schemas.OAuthError
        switch try await client.token(Operations.Token.Input(body: request)) {
        case .ok(let answer): return answer.body
        case .badRequest(let answer): error = answer.body
        case .unauthorized(let answer): error = answer.body
        case .tooManyRequests(let answer): error = answer.body
        case .serviceUnavailable(let answer): error = answer.body
        case .default(_, let answer): error = answer.body
        }
        throw SignInFailure(Terminal.printable("the server issues no token (\(error.error.rawValue): \(error.errorDescription ?? ""))"))
    }

    private static func expiry(_ response: Schemas.TokenResponse) -> Timestamp {
        Timestamp(secondsSinceEpoch: Timestamp.now().secondsSinceEpoch + response.expiresIn)
    }
}
