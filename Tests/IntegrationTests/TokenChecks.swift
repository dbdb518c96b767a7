import APISupport
import AuthAPI
import Foundation
import GatewayAPI
import TestServers
import Testing

@testable import codelab

/// What tokens are good for when their issuer has replicas.
struct TokenChecks {
    static let password = "a password of some length"

    let platform: ReplicatedPlatform
    /// At the balancers.
    let balanced: RunningPlatform

    /// Makes an account.
    func create(_ user: String) async throws {
        let tokens = try await balanced.signIn(
            as: "admin", password: RunningPlatform.administratorPassword, scope: "api:read api:write api:admin")
        let client = AuthAPI.Client(serverURL: balanced.url(of: .auth), transport: balanced.transport, credentials: tokens)
        _ = try await client.createUser(.init(body: .init(username: user, password: Self.password))).created
    }

    /// Tokens that this replica has issued, from the first page to the last answer.
    func issue(by replica: Replica) async throws -> AuthAPI.Schemas.TokenResponse {
        return try await SignIn(
            authURL: replica.url, transport: balanced.transport, terminal: Terminal(environment: [:]), scope: "api:read api:write",
            unattended: Unattended(username: "user-0", password: Self.password), keepsTokens: false
        ).authorize()
    }

    /// The access token is accepted, and the refresh token exchanged once.
    func check(_ issued: AuthAPI.Schemas.TokenResponse, afterTheDeathOf issuer: Replica, _ survivor: Replica) async throws {
        try await Deadline.wait("\(issuer.url) to be dead") { (try? await health(of: issuer)) == nil }
        try await expectAcceptance(of: issued.accessToken)
        let refreshToken = try #require(issued.refreshToken)
        let client = AuthAPI.Client(serverURL: survivor.url, transport: balanced.transport)
        let renewed = try await AccessTokens.refresh(refreshToken, client: client)
        try await expectAcceptance(of: renewed.accessToken)
        await #expect(throws: SignInFailure.self) { try await AccessTokens.refresh(refreshToken, client: client) }
        // Whoever uses one twice may have stolen it: its successors are not good any more (RFC 9700 §4.14.2).
        let successor = try #require(renewed.refreshToken)
        await #expect(throws: SignInFailure.self) { try await AccessTokens.refresh(successor, client: client) }
    }

    /// Of two exchanges of one refresh token, at both replicas at once, one succeeds.
    func checkRotation() async throws {
        let pair = try #require(platform.replicas[.auth])
        let refreshToken = try #require(try await issue(by: pair[0]).refreshToken)
        let transport = balanced.transport
        let successes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for replica in pair {
                group.addTask {
                    do {
                        _ = try await AccessTokens.refresh(
                            refreshToken, client: AuthAPI.Client(serverURL: replica.url, transport: transport))
                        return true
                    } catch let refusal as SignInFailure {
                        #expect(refusal.description.contains("invalid_grant"))
                        return false
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(successes == 1)
    }

    /// The gateway takes it. What a connection to the killed one has broken is asked again.
    private func expectAcceptance(of token: String) async throws {
        let client = GatewayAPI.Client(
            serverURL: balanced.url(of: .gateway), transport: balanced.transport, credentials: BearerCredentialProvider(token: token))
        try await Deadline.wait("the token to be looked at") {
            guard let answer = try? await client.listSessions(.init()) else { return false }
            if case .unauthorized = answer { throw Refused() }
            if case .ok = answer { return true }
            return false
        }
    }

    private func health(of replica: Replica) async throws {
        _ = try await AuthAPI.Client(serverURL: replica.url, transport: balanced.transport).getHealth(.init()).ok
    }

    private struct Refused: Error {}
}
