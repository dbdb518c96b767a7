/// Why a request to an OAuth endpoint is refused (RFC 6749 sections 4.1.2.1 and 5.2). All of it is for the client's eyes.
struct OAuthError: Error, Equatable {
    enum Code: String, Sendable, CaseIterable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case invalidScope = "invalid_scope"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case unsupportedResponseType = "unsupported_response_type"
        case unsupportedTokenType = "unsupported_token_type"
        case accessDenied = "access_denied"
        /// OpenID Connect Core section 3.1.2.6.
        case loginRequired = "login_required"
        case temporarilyUnavailable = "temporarily_unavailable"
        case serverError = "server_error"
    }

    let code: Code
    /// For the client's developer; of the characters that RFC 6749 allows.
    let description: String
    /// Why the attempt was not looked at, where that is the reason.
    let refusal: AttemptLimiter.Refusal?

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
        refusal = nil
    }

    init(_ refusal: AttemptLimiter.Refusal) {
        code = .temporarilyUnavailable
        description =
            switch refusal {
            case .tooManyAttempts: "Too many attempts. Try again later."
            case .unavailable: "The server cannot look at this now. Try again later."
            }
        self.refusal = refusal
    }

    /// The same for an unknown client and for a wrong secret.
    static let invalidClient = OAuthError(.invalidClient, "The client could not be authenticated.")
}
