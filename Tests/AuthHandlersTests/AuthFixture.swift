import APISupport
import AuthAPI
import Coordination
import FoundationEssentials
import HTTPTypes
import Logging
import MemoryInfrastructure
import Testing

@testable import AuthHandlers

/// An auth service of its own for a test, as its clients see it.
struct AuthFixture {
    static let internalSecret = "a secret of the services, for tests"
    static let administratorPassword = "the administrator's password"
    static let redirectURI = "http://127.0.0.1:53682/callback"
    /// RFC 7636 appendix B.
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    /// RSA keys take long to make; tests share one.
    private static let signingKey = Result { try SigningKey.generate(at: Date(timeIntervalSince1970: 1_700_000_000)) }

    let clock: TestClock
    let repositories: AuthRepositories
    let service: AuthService
    let router: APIRouter
    /// Without credentials.
    let client: Client

    init(
        repositories: AuthRepositories = .inMemory(), limiter: (any RateLimiter)? = nil, clock: TestClock = TestClock(),
        configure: (inout AuthConfiguration) -> Void = { _ in }
    ) async throws {
        var configuration = AuthConfiguration(internalSecrets: [Self.internalSecret])
        configuration.administratorPassword = Self.administratorPassword
        configuration.scryptLogN = 4
        configure(&configuration)
        self.clock = clock
        self.repositories = repositories
        _ = try await repositories.signingKeys.insertFirst(Self.signingKey.get())
        service = try AuthService(
            configuration: configuration, repositories: repositories,
            limiter: limiter ?? MemoryRateLimiter(maximumKeys: 10_000) { clock.microseconds }, clock: clock.authClock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        _ = try await service.prepare()
        router = service.makeRouter()
        client = Client(serverURL: configuration.issuer, transport: InProcessTransport(router: router))
    }

    /// A client that sends an access token, or the client's own credentials.
    func client(bearer token: String? = nil, basic: String? = nil) -> Client {
        Client(
            serverURL: "http://localhost:8003", transport: InProcessTransport(router: router),
            credentials: TestCredentials(values: ["bearerAuth": token, "clientBasic": basic])
        )
    }

    static func authorization(
        clientID: String? = "codelab-cli", redirectURI: String? = AuthFixture.redirectURI, responseType: String? = "code",
        scope: String? = nil, state: String? = "a state", challenge: String? = AuthFixture.challenge, method: String? = "S256",
        nonce: String? = nil, prompt: String? = nil
    ) -> Operations.Authorize.Input {
        Operations.Authorize.Input(
            clientID: clientID, redirectURI: redirectURI, responseType: responseType, scope: scope, state: state, codeChallenge: challenge,
            codeChallengeMethod: method, nonce: nonce, prompt: prompt
        )
    }

    /// What an operator does about the keys of its storage.
    var rotation: SigningKeyRotation {
        SigningKeyRotation(repository: repositories.signingKeys, configuration: AuthConfiguration(), clock: clock.authClock)
    }

    /// Rotates the signing key at once; this service knows it from then on.
    func rotateSigningKey() async throws {
        _ = try await rotation.rotate(lead: 0)
        _ = try await client.getJWKS(.init())
    }

    /// Opens the sign-in page and fills in its form as a browser would: every field that the page has.
    func fillIn(
        _ request: Operations.Authorize.Input, username: String = "admin", password: String = AuthFixture.administratorPassword
    ) async throws -> Schemas.SignInForm {
        let fields = hiddenFields(of: try await client.authorize(request).ok.body)
        return Schemas.SignInForm(
            username: username, password: password, clientID: try #require(fields["client_id"]),
            redirectURI: try #require(fields["redirect_uri"]), responseType: try #require(fields["response_type"]), scope: fields["scope"],
            state: fields["state"], codeChallenge: try #require(fields["code_challenge"]),
            codeChallengeMethod: try #require(fields["code_challenge_method"]), nonce: fields["nonce"],
            transaction: try #require(fields["transaction"])
        )
    }

    /// Signs in and gives the parameters that the browser takes to the client.
    func signIn(
        _ request: Operations.Authorize.Input = AuthFixture.authorization(), username: String = "admin",
        password: String = AuthFixture.administratorPassword
    ) async throws -> [String: String] {
        let output = try await client.signIn(
            .init(secFetchSite: "same-origin", body: fillIn(request, username: username, password: password)))
        guard case .seeOther(let redirect) = output else {
            Issue.record("the sign-in was answered with \(output)")
            return [:]
        }
        return query(of: redirect.location)
    }

    func exchange(
        code: String, verifier: String? = AuthFixture.verifier, redirectURI: String? = AuthFixture.redirectURI,
        clientID: String? = "codelab-cli"
    ) async throws -> Operations.Token.Output {
        try await client.token(
            .init(
                body: Schemas.TokenRequest(
                    grantType: .authorizationCode, clientID: clientID, code: code, redirectURI: redirectURI, codeVerifier: verifier
                )
            )
        )
    }

    func refresh(_ token: String, scope: String? = nil, clientID: String = "codelab-cli") async throws -> Operations.Token.Output {
        try await client.token(
            .init(body: Schemas.TokenRequest(grantType: .refreshToken, clientID: clientID, refreshToken: token, scope: scope))
        )
    }

    /// Signs in and exchanges the code.
    func tokens(
        scope: String? = nil, nonce: String? = nil, username: String = "admin", password: String = AuthFixture.administratorPassword
    )
        async throws -> Schemas.TokenResponse
    {
        let answer = try await signIn(Self.authorization(scope: scope, nonce: nonce), username: username, password: password)
        return try await exchange(code: try #require(answer["code"])).ok.body
    }

    /// Sends anything at all.
    func send(
        _ method: HTTPRequest.Method, _ path: String, body: String? = nil, contentType: String? = "application/x-www-form-urlencoded",
        headers: HTTPFields = [:]
    ) async throws -> RawAnswer {
        var head = HTTPRequest(method: method, scheme: "http", authority: "localhost:8003", path: path, headerFields: headers)
        if body != nil, let contentType { head.headerFields[.contentType] = contentType }
        let transport = InProcessTransport(router: router)
        let response = try await transport.send(ClientRequest(head: head, body: Array((body ?? "").utf8), operationID: "raw"))
        let bytes = try await response.body.collect(upTo: 1 << 20) ?? []
        return RawAnswer(head: response.head, body: String(decoding: bytes, as: UTF8.self))
    }
}

struct RawAnswer {
    let head: HTTPResponse
    let body: String

    var status: Int { head.status.code }
    var contentType: String? { head.headerFields[.contentType] }

    func json<Value: JSONReadable>(_ type: Value.Type) throws -> Value { try JSONReader.decode(type, from: Array(body.utf8)) }
}

struct TestCredentials: CredentialProvider {
    let values: [String: String?]

    func credential(scheme: String) -> String? { values[scheme] ?? nil }
}

/// The fields that a page's form sends without being seen, unescaped.
func hiddenFields(of html: String) -> [String: String] {
    var fields: [String: String] = [:]
    for match in html.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/) {
        fields[String(match.1)] = String(match.2).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }
    return fields
}

/// The parameters of a URI's query.
func query(of uri: String) -> [String: String] {
    Dictionary((URLComponents(string: uri)?.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { first, _ in first }
}
