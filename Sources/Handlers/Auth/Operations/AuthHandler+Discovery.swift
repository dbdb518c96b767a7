import APISupport
import AuthAPI

extension AuthHandler {
    /// The public keys.
    func getJWKS(_ input: Operations.GetJWKS.Input, context: CallContext) async throws -> Operations.GetJWKS.Output {
        // As they are now: another replica may have begun to sign with a new one.
        let keys = try await keys.reload().published.map { key in
            Schemas.JSONWebKey(kty: "RSA", use: "sig", alg: "RS256", kid: key.kid, n: key.numbers.n, e: key.numbers.e)
        }
        return .ok(.init(cacheControl: CacheControl.shortly, body: Schemas.JSONWebKeySet(keys: keys)))
    }

    /// RFC 8414.
    func getAuthorizationServerMetadata(
        _ input: Operations.GetAuthorizationServerMetadata.Input, context: CallContext
    ) async throws -> Operations.GetAuthorizationServerMetadata.Output {
        .ok(.init(cacheControl: CacheControl.shortly, body: metadata))
    }

    /// OpenID Connect Discovery.
    func getOpenidConfiguration(
        _ input: Operations.GetOpenidConfiguration.Input, context: CallContext
    ) async throws -> Operations.GetOpenidConfiguration.Output {
        .ok(.init(cacheControl: CacheControl.shortly, body: metadata))
    }

    private var metadata: Schemas.AuthorizationServerMetadata {
        let issuer = configuration.issuer
        let authenticationMethods = ["client_secret_basic", "client_secret_post", "none"]
        return Schemas.AuthorizationServerMetadata(
            issuer: issuer,
            authorizationEndpoint: issuer + "/oauth/authorize",
            tokenEndpoint: issuer + "/oauth/token",
            revocationEndpoint: issuer + "/oauth/revoke",
            userinfoEndpoint: issuer + "/oauth/userinfo",
            jwksURI: issuer + "/.well-known/jwks.json",
            scopesSupported: registry.scopes,
            responseTypesSupported: ["code"],
            responseModesSupported: ["query"],
            grantTypesSupported: registry.grants.map(\.rawValue),
            tokenEndpointAuthMethodsSupported: authenticationMethods,
            revocationEndpointAuthMethodsSupported: authenticationMethods,
            codeChallengeMethodsSupported: [ProofKey.method],
            authorizationResponseIssParameterSupported: true,
            subjectTypesSupported: ["public"],
            idTokenSigningAlgValuesSupported: ["RS256"],
            claimsSupported: [
                "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "preferred_username", "name", "email", "email_verified",
            ]
        )
    }
}
