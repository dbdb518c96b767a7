extension AuthorizationRequest {
    /// Checks a request: first what decides whether its redirect URI may be used at all, then the rest.
    init(_ parameters: AuthorizationParameters, registry: ClientRegistry) throws(AuthorizationRefusal) {
        let (client, redirectURI) = try Self.destination(of: parameters, registry: registry)
        func refuse(_ code: OAuthError.Code, _ description: String) -> AuthorizationRefusal {
            .redirect(redirectURI, OAuthError(code, description), state: parameters.state)
        }

        guard let responseType = parameters.responseType else { throw refuse(.invalidRequest, "response_type is missing.") }
        guard responseType == "code" else { throw refuse(.unsupportedResponseType, "response_type must be code.") }
        guard client.grants.contains(.authorizationCode) else {
            throw refuse(.unauthorizedClient, "The client may not use the authorization code grant.")
        }
        guard let challenge = parameters.codeChallenge else {
            throw refuse(.invalidRequest, "code_challenge is missing; PKCE is required.")
        }
        // Without the method the challenge would mean `plain` (RFC 7636 section 4.3), which protects nothing.
        guard parameters.codeChallengeMethod == ProofKey.method else {
            throw refuse(.invalidRequest, "code_challenge_method must be S256.")
        }
        guard ProofKey.isChallenge(challenge) else { throw refuse(.invalidRequest, "code_challenge is not the base64url of a SHA-256.") }

        var scopes = client.defaultScopes
        if let scope = parameters.scope {
            guard let asked = Scopes(parameter: scope) else { throw refuse(.invalidScope, "scope is malformed.") }
            guard asked.isSubset(of: client.scopes) else { throw refuse(.invalidScope, "The client may not have all of these scopes.") }
            scopes = asked
        }
        if parameters.prompt?.split(separator: " ").contains("none") == true {
            throw refuse(.loginRequired, "No sign-in is remembered.")
        }
        self.init(client: client, redirectURI: redirectURI, scopes: scopes, codeChallenge: challenge, parameters: parameters)
    }

    private static func destination(
        of parameters: AuthorizationParameters, registry: ClientRegistry
    ) throws(AuthorizationRefusal) -> (RegisteredClient, RedirectURI) {
        guard let id = parameters.clientID, let client = registry.client(id: id) else {
            throw .page("The application that sent you here is not known to this server.")
        }
        guard let text = parameters.redirectURI else {
            throw .page("The application that sent you here did not say where to return to.")
        }
        let allowed = client.redirectURIs.compactMap(RedirectURI.init)
        guard let uri = RedirectURI(text), allowed.contains(where: { $0.allows(uri) }) else {
            throw .page("The application that sent you here asked to return to an address that is not registered for it.")
        }
        return (client, uri)
    }
}
