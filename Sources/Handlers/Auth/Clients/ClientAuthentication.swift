/// Finds out which client sends a request to the token or revocation endpoint (RFC 6749 section 2.3).
struct ClientAuthentication: Sendable {
    /// What a request says about its client.
    struct Credentials: Sendable {
        /// From HTTP Basic, checked before; nil without it.
        var authenticatedID: String?
        /// `client_id` of the form.
        var id: String?
        /// `client_secret` of the form.
        var secret: String?
    }

    let registry: ClientRegistry
    let limiter: AttemptLimiter

    /// - Parameter address: Where the request comes from; attempts are counted by it.
    /// - Throws: ``OAuthError``: `invalid_client`, `invalid_request` or `temporarily_unavailable`; `CancellationError`.
    func client(for credentials: Credentials, address: String) async throws -> RegisteredClient {
        if let authenticatedID = credentials.authenticatedID {
            // A client uses one method a request; a repeated identifier must at least be the same one.
            guard credentials.secret == nil, credentials.id == nil || credentials.id == authenticatedID else {
                throw OAuthError(.invalidRequest, "The client authenticates in two ways at once.")
            }
            guard let client = registry.client(id: authenticatedID) else { throw OAuthError.invalidClient }
            return client
        }
        guard let id = credentials.id else { throw OAuthError(.invalidClient, "The client does not say who it is.") }
        return try await client(id: id, secret: credentials.secret, address: address)
    }

    /// Checks an identifier and a secret; a public client has none (or, in HTTP Basic, an empty one).
    ///
    /// The right secret is accepted however many wrong ones came before: a secret is long and random, it cannot be guessed, and a stranger
    /// who sends wrong ones from behind the same proxy must not stop the services.
    func client(id: String, secret: String?, address: String) async throws -> RegisteredClient {
        guard let client = registry.client(id: id) else { throw OAuthError.invalidClient }
        switch client.kind {
        case .public:
            guard secret == nil || secret == "" else { throw OAuthError.invalidClient }
        case .confidential:
            if let secret, client.accepts(secret: secret) { break }
            let attempt = AttemptLimiter.Key(subject: .client(id), address: address)
            if let refusal = try await limiter.begin(attempt) { throw OAuthError(refusal) }
            throw OAuthError.invalidClient
        }
        return client
    }
}
