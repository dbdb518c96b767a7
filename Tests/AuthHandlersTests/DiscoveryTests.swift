import APISupport
import AuthAPI
import FoundationEssentials
import HTTPTypes
import JWTKit
import MemoryInfrastructure
import Testing

@testable import AuthHandlers

@Suite("Keys, tokens and metadata")
struct DiscoveryTests {
    /// What a resource server knows: the published keys and nothing else.
    private func verify(_ token: String, with auth: AuthFixture) async throws -> AccessTokenClaims {
        let answer = try await auth.send(.get, "/.well-known/jwks.json")
        let keys = try await JWTKeyCollection().add(jwksJSON: answer.body)
        return try await keys.verify(token, as: AccessTokenClaims.self)
    }

    @Test("the published keys verify an issued token, whose claims are those that clients know")
    func verification() async throws {
        let auth = try await AuthFixture()
        let text = try await auth.tokens().accessToken
        let claims = try await verify(text, with: auth)
        let now = Int(auth.clock.now.timeIntervalSince1970)
        #expect(claims.iss == "http://localhost:8003")
        #expect(claims.aud == "codelab")
        #expect(claims.iat == now)
        #expect(claims.nbf == now)
        #expect(claims.exp == now + 900)
        #expect(claims.clientID == "codelab-cli")
        #expect(claims.scope == "api:read api:write")
        #expect(claims.type == "access")
        #expect(UUID(uuidString: claims.sub) != nil)
        #expect(UUID(uuidString: claims.jti) != nil)
        let header = try Token(text).header
        #expect(header["alg"] == .string("RS256"))
        #expect(header["typ"] == .string("at+jwt"))
        #expect(header["kid"] == .string(try await auth.client.getJWKS(.init()).ok.body.keys[0].kid))
    }

    @Test("after a rotation both keys are published, and tokens of both are good")
    func rotation() async throws {
        let auth = try await AuthFixture()
        let old = try await auth.tokens().accessToken
        try await auth.rotateSigningKey()
        let new = try await auth.tokens().accessToken
        let keys = try await auth.client.getJWKS(.init()).ok.body.keys
        #expect(keys.count == 2)
        #expect(keys.allSatisfy { $0.kty == "RSA" && $0.alg == "RS256" && $0.use == "sig" && $0.e == "AQAB" })
        #expect(try Token(new).header["kid"] == .string(keys[0].kid))
        #expect(try Token(old).header["kid"] == .string(keys[1].kid))
        for token in [old, new] {
            _ = try await verify(token, with: auth)
            _ = try await auth.client(bearer: token).getCurrentUser(.init()).ok
        }
    }

    @Test("a key's name is its thumbprint (the example of RFC 7638 section 3.1)")
    func thumbprint() {
        let n =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W"
            + "-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbIS"
            + "D08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        #expect(PublicNumbers(n: n, e: "AQAB").thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }

    @Test("an access token ends after fifteen minutes")
    func expiry() async throws {
        let auth = try await AuthFixture()
        let client = auth.client(bearer: try await auth.tokens().accessToken)
        auth.clock.advance(899)
        _ = try await client.getCurrentUser(.init()).ok
        auth.clock.advance(1)
        guard case .unauthorized(let answer) = try await client.getCurrentUser(.init()) else {
            Issue.record("an expired token was accepted")
            return
        }
        #expect(answer.wwwAuthenticate?.contains("invalid_token") == true)
    }

    @Test("forged tokens are refused")
    func forgeries() async throws {
        let auth = try await AuthFixture()
        let real = try await auth.tokens().accessToken
        let parts = real.split(separator: ".").map(String.init)
        let claims = try Token(real).claims
        let none = Base64URL.encode(Array(#"{"alg":"none","typ":"at+jwt"}"#.utf8))
        let stranger = JWTKeyCollection()
        await stranger.add(
            hmac: "a secret that is long enough for an HMAC of SHA-256", digestAlgorithm: .sha256, kid: JWKIdentifier(string: "any"))
        let symmetric = try await stranger.sign(
            AccessTokenClaims(
                iss: "http://localhost:8003", sub: "x", aud: "codelab", exp: .max, iat: 0, nbf: 0, jti: "x", clientID: "codelab-cli",
                scope: "api:read", type: "access"
            ), kid: JWKIdentifier(string: "any")
        )
        let other = parts[2].first == "A" ? "B" : "A"
        for forged in [
            "\(none).\(parts[1]).", "\(parts[0]).\(parts[1]).\(other)\(parts[2].dropFirst())", symmetric, "a.b.c", "..",
            String(real.dropLast(20)),
            "\(parts[0]).\(Base64URL.encode(JSONWriter.encode(claims) + [0x20])).\(parts[2])",
        ] {
            guard case .unauthorized = try await auth.client(bearer: forged).getCurrentUser(.init()) else {
                Issue.record("\(forged) was accepted")
                continue
            }
        }
    }

    @Test("a token for another audience or of another issuer is refused")
    func foreignTokens() async throws {
        let repositories = AuthRepositories.inMemory()
        let auth = try await AuthFixture(repositories: repositories)
        let audience = try await AuthFixture(repositories: repositories) { $0.audience = "another" }
        let issuer = try await AuthFixture(repositories: repositories) { $0.issuer = "http://localhost:1" }
        for other in [audience, issuer] {
            let token = try await other.tokens().accessToken
            guard case .unauthorized = try await auth.client(bearer: token).getCurrentUser(.init()) else {
                Issue.record("a foreign token was accepted")
                continue
            }
        }
    }

    @Test("the metadata names the endpoints, and only what there is")
    func metadata() async throws {
        let auth = try await AuthFixture { $0.issuer = "https://auth.example" }
        let metadata = try await auth.client.getAuthorizationServerMetadata(.init()).ok.body
        #expect(metadata.issuer == "https://auth.example")
        #expect(metadata.tokenEndpoint == "https://auth.example/oauth/token")
        #expect(metadata.jwksURI == "https://auth.example/.well-known/jwks.json")
        #expect(metadata.grantTypesSupported == ["authorization_code", "refresh_token", "client_credentials"])
        #expect(metadata.codeChallengeMethodsSupported == ["S256"])
        #expect(metadata.authorizationResponseIssParameterSupported)
        #expect(try await auth.client.getOpenidConfiguration(.init()).ok.body == metadata)
    }
}
