import APISupport
import AuthAPI
import FoundationEssentials
import HTTPTypes
import Logging
import MemoryInfrastructure
import Testing

@testable import AuthHandlers

@Suite("Accounts")
struct UserTests {
    @Test("an administrator creates an account, which can then be used")
    func creation() async throws {
        let auth = try await AuthFixture()
        let administrator = auth.client(bearer: try await auth.tokens(scope: "api:admin").accessToken)
        let body = Schemas.NewUser(username: "Ada", password: "correct horse battery", email: "Ada@Example.com", name: "Ada Lovelace")
        let created = try await administrator.createUser(.init(body: body)).created
        #expect(created.username == "ada")
        #expect(created.email == "ada@example.com")
        #expect(created.name == "Ada Lovelace")
        #expect(!created.isAdmin)

        let tokens = try await auth.tokens(scope: "openid api:read", username: "ada@example.com", password: "correct horse battery")
        let client = auth.client(bearer: tokens.accessToken)
        #expect(try await client.getCurrentUser(.init()).ok == created)
        let userinfo = try await client.getUserinfo(.init()).ok.body
        #expect(userinfo.sub == created.id)
        #expect(userinfo.preferredUsername == "ada")
        #expect(userinfo.email == "ada@example.com")
        #expect(userinfo.emailVerified == false)
    }

    @Test("a name and an address are taken whatever their case")
    func conflicts() async throws {
        let auth = try await AuthFixture()
        let administrator = auth.client(bearer: try await auth.tokens(scope: "api:admin").accessToken)
        let password = "correct horse battery"
        _ = try await administrator.createUser(.init(body: .init(username: "ada", password: password, email: "ada@example.com"))).created
        for body in [
            Schemas.NewUser(username: "ADA", password: password),
            Schemas.NewUser(username: "grace", password: password, email: "ADA@example.com"),
        ] {
            guard case .conflict(let problem) = try await administrator.createUser(.init(body: body)) else {
                Issue.record("\(body.username) was created")
                continue
            }
            #expect(problem.status == 409)
        }
    }

    @Test("all that is wrong with a new account is told at once")
    func invalidAccount() async throws {
        let auth = try await AuthFixture()
        let token = try await auth.tokens(scope: "api:admin").accessToken
        let answer = try await auth.send(
            .post, "/users", body: #"{"username":"no spaces","password":"short","email":"none","is_admin":"yes"}"#,
            contentType: "application/json", headers: [.authorization: "Bearer \(token)"]
        )
        #expect(answer.status == 400)
        #expect(answer.contentType?.hasPrefix("application/problem+json") == true)
        let problem = try answer.json(Problem.self)
        #expect(Set((problem.errors ?? []).map(\.pointer)) == ["/username", "/password", "/email", "/is_admin"])
    }

    @Test("accounts are created by those who have the scope only")
    func authorization() async throws {
        let auth = try await AuthFixture()
        let body = Schemas.NewUser(username: "ada", password: "correct horse battery")
        guard case .unauthorized = try await auth.client.createUser(.init(body: body)) else {
            Issue.record("nobody may do that")
            return
        }
        let ordinary = auth.client(bearer: try await auth.tokens().accessToken)
        guard case .forbidden(let answer) = try await ordinary.createUser(.init(body: body)) else {
            Issue.record("without the scope")
            return
        }
        #expect(answer.wwwAuthenticate?.contains("insufficient_scope") == true)
    }

    @Test("a service has no account")
    func service() async throws {
        let auth = try await AuthFixture()
        let tokens = try await auth.client.token(
            .init(
                body: .init(
                    grantType: .clientCredentials, clientID: "codelab-internal", clientSecret: AuthFixture.internalSecret, scope: "api:read"
                )
            )
        ).ok.body
        guard case .forbidden = try await auth.client(bearer: tokens.accessToken).getCurrentUser(.init()) else {
            Issue.record("a service is a user")
            return
        }
    }

    @Test("the first administrator gets a password, shown once, when none is configured")
    func bootstrap() async throws {
        let repositories = AuthRepositories.inMemory()
        var configuration = AuthConfiguration()
        configuration.scryptLogN = 4
        let service = try AuthService(
            configuration: configuration, repositories: repositories, limiter: AwayLimiter(), logger: .init(label: "test"))
        let administrator = try #require(try await service.prepare())
        #expect(administrator.username == "admin")
        let password = try #require(administrator.generatedPassword)
        #expect(password.count >= 40)
        #expect(try await service.prepare() == nil)
        let auth = try await AuthFixture(repositories: repositories)
        #expect(try await auth.signIn(password: password)["code"] != nil)
    }

    @Test("a disabled account cannot sign in, and its session ends with the next refresh")
    func disabled() async throws {
        let users = SwitchableUsers()
        let memory = AuthRepositories.inMemory()
        let auth = try await AuthFixture(
            repositories: AuthRepositories(
                users: users, authorizationCodes: memory.authorizationCodes, refreshTokens: memory.refreshTokens,
                signingKeys: memory.signingKeys
            )
        )
        let tokens = try await auth.tokens()
        await users.disableAll()
        #expect(try await auth.refresh(try #require(tokens.refreshToken)).error == "invalid_grant")
        guard case .unauthorized = try await auth.client(bearer: tokens.accessToken).getCurrentUser(.init()) else {
            Issue.record("a disabled account was shown")
            return
        }
        let form = try await auth.fillIn(AuthFixture.authorization())
        guard case .unauthorized = try await auth.client.signIn(.init(body: form)) else {
            Issue.record("a disabled account signed in")
            return
        }
    }
}

/// Accounts that can be disabled all at once.
private actor SwitchableUsers: UserRepository {
    private var users: [User] = []
    private var areDisabled = false

    func disableAll() { areDisabled = true }

    func user(id: String) -> User? { users.first { $0.id == id }.map(current) }

    func user(signInName: String) -> User? { users.first { $0.username == signInName }.map(current) }

    func insert(_ user: User) -> Bool {
        users.append(user)
        return true
    }

    private func current(_ user: User) -> User {
        User(
            id: user.id, username: user.username, email: user.email, name: user.name, isAdministrator: user.isAdministrator,
            isDisabled: areDisabled, passwordHash: user.passwordHash, createdAt: user.createdAt
        )
    }
}
