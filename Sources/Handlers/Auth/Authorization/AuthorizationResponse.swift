/// The address that the browser is sent to with the answer (RFC 6749 section 4.1.2), with the issuer in it so that a client of several
/// servers cannot be misled (RFC 9207).
struct AuthorizationResponse: Sendable {
    let location: String

    init(code: String, to request: AuthorizationRequest, issuer: String) {
        location = request.redirectURI.adding([("code", code)] + Self.common(request.parameters.state, issuer))
    }

    init(error: OAuthError, to redirectURI: RedirectURI, state: String?, issuer: String) {
        location = redirectURI.adding(
            [("error", error.code.rawValue), ("error_description", error.description)] + Self.common(state, issuer)
        )
    }

    private static func common(_ state: String?, _ issuer: String) -> [(name: String, value: String)] {
        (state.map { [("state", $0)] } ?? []) + [("iss", issuer)]
    }
}
