import APISupport
import AuthAPI
import Foundation
import HTTPTypes
import TestServers
import Testing

@testable import codelab

@Suite("codelab admin keys", .serialized, .postgres)
struct KeysCommandTests {
    /// A platform and a second process of its auth service on one database, both there before anything is rotated.
    private struct Replicas {
        let platform: RunningPlatform
        let auth: [String]
        let environment: [String: String]

        func keys(_ arguments: String...) async throws -> CommandLineRun.Result {
            let result = try await CommandLineRun(["admin", "keys"] + arguments, environment: environment).finish()
            // The longest that is shown of a key is its thumbprint.
            #expect(!(result.output + result.errors).contains(/[A-Za-z0-9+\/_-]{60,}/))
            return result
        }

        func published(by url: String) async throws -> [String] {
            try await AuthAPI.Client(serverURL: url, transport: platform.transport).getJWKS(.init()).ok.body.keys.map(\.kid)
        }

        /// Signs the administrator in.
        func tokens(from url: String) async throws -> AuthAPI.Schemas.TokenResponse {
            try await SignIn(
                authURL: url, transport: platform.transport, terminal: Terminal(environment: [:]), scope: "api:read api:write",
                unattended: Unattended(username: "admin", password: RunningPlatform.administratorPassword), keepsTokens: false
            ).authorize()
        }

        func waitForTokens(of kid: String) async throws {
            for url in auth {
                try await Deadline.wait("\(url) to sign with the new key") { try await Self.kid(of: tokens(from: url).accessToken) == kid }
            }
        }

        func status(of token: String, _ service: ServiceName, _ path: String) async throws -> Int {
            try await platform.send(service, .get, path, headers: ["Authorization": "Bearer \(token)"]).status
        }

        /// A conversation, for which the services call each other.
        func chat() async throws {
            let project = try platform.makeProject()
            let result = try await CommandLineRun(
                [
                    "chat", "--gateway", platform.url(of: .gateway), "--auth", platform.url(of: .auth), "--workspace", project.path,
                    "--password-from-env", "--yes", "Please summarize this project.",
                ],
                environment: ["CODELAB_USERNAME": "admin", "CODELAB_PASSWORD": RunningPlatform.administratorPassword]
            ).finish()
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("wrote SUMMARY.md"))
        }

        static func kid(of token: String) throws -> String {
            let header = try #require(Base64.decodeURL(String(token.prefix { $0 != "." })))
            return try #require(try JSONReader.decode(JSONObject.self, from: header)["kid"]?.stringValue)
        }
    }

    private func withReplicas(_ place: MigrateCommandTests.Place, _ body: (Replicas) async throws -> Void) async throws {
        try await RunningPlatform.withFolder { folder in
            let database = try await place.environment(folder)
            let shared = database.merging([
                "CODELAB_AUTH_INTERNAL_SECRET": "a secret for both of them",
                // It is asked over and over whether it knows the new key.
                "CODELAB_GATEWAY_RATE_LIMIT_UNAUTHENTICATED": "0",
            ]) { $1 }
            try await RunningPlatform.run(in: folder, environment: shared) { platform in
                let replica = try Replica(.auth, in: folder)
                let url = platform.url(of: .auth)
                try await replica.start(shared.merging(["CODELAB_AUTH_ISSUER": url, "CODELAB_AUTH_SCRYPT_LOG_N": "4"]) { $1 })
                try await body(Replicas(platform: platform, auth: [url, replica.url], environment: database))
                try await replica.terminate()
            }
        }
    }

    @Test(
        "A rotation is noticed by nobody; revoked keys are good for nothing, and nobody is signed out", .timeLimit(.minutes(4)),
        arguments: MigrateCommandTests.Place.allCases)
    func rotation(_ place: MigrateCommandTests.Place) async throws {
        try await withReplicas(place) { replicas in
            let url = replicas.auth[0]
            let before = try await replicas.tokens(from: url)
            let old = try Replicas.kid(of: before.accessToken)

            let rotated = try await replicas.keys("rotate", "--signs-after", "6")
            #expect(rotated.status == 0, "\(rotated.errors)")
            let next = try #require(rotated.output.split(separator: " ").first.map(String.init))
            for url in replicas.auth { #expect(try await replicas.published(by: url) == [old, next]) }
            let during = try await replicas.tokens(from: replicas.auth[1])
            #expect(try Replicas.kid(of: during.accessToken) == old)
            let again = try await replicas.keys("rotate")
            #expect(again.status == 1 && again.errors.contains("under way"))
            let listed = try await replicas.keys("list", "--format", "json")
            let entries = try JSONReader.decode(JSONObject.self, from: Array(listed.output.utf8))["keys"]?.arrayValue ?? []
            #expect(entries.compactMap { $0.objectValue?["state"]?.stringValue } == ["next", "signing"])

            try await replicas.waitForTokens(of: next)
            let after = try await replicas.tokens(from: url)
            for token in [before, during, after] {
                #expect(try await replicas.status(of: token.accessToken, .gateway, "/api/v1/sessions") == 200)
                #expect(try await replicas.status(of: token.accessToken, .auth, "/oauth/userinfo") != 401)
            }
            try await replicas.chat()
            #expect(try await replicas.keys().output.contains("retired"))

            let revoked = try await replicas.keys("rotate", "--now")
            #expect(revoked.status == 0, "\(revoked.errors)")
            for url in replicas.auth { #expect(try await replicas.published(by: url).count == 1) }
            let only = try await replicas.published(by: url)[0]
            #expect(only != old && only != next && revoked.output.contains(only))
            try await replicas.waitForTokens(of: only)
            let renewed = try await AccessTokens.refresh(
                try #require(before.refreshToken), client: AuthAPI.Client(serverURL: url, transport: replicas.platform.transport))
            // It asks for unknown keys every ten seconds at most.
            try await Deadline.wait("the gateway to know the new key") {
                try await replicas.status(of: renewed.accessToken, .gateway, "/api/v1/sessions") == 200
            }
            for token in [before, during, after] {
                #expect(try await replicas.status(of: token.accessToken, .gateway, "/api/v1/sessions") == 401)
                #expect(try await replicas.status(of: token.accessToken, .auth, "/oauth/userinfo") == 401)
            }
            try await replicas.chat()
        }
    }

    @Test(
        "Young keys are left; a database without tables or a key is told of", .timeLimit(.minutes(1)),
        arguments: MigrateCommandTests.Place.allCases)
    func refusals(_ place: MigrateCommandTests.Place) async throws {
        try await RunningPlatform.withFolder { folder in
            let environment = try await place.environment(folder)
            func run(_ arguments: String...) async throws -> CommandLineRun.Result {
                try await CommandLineRun(arguments, environment: environment).finish()
            }
            let early = try await run("admin", "keys", "list")
            #expect(early.status == 2 && early.errors.contains("codelab migrate up"), "\(early.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"))
            #expect(try await run("migrate", "up", "auth").status == 0)
            let empty = try await run("admin", "keys", "rotate")
            #expect(empty.status == 1 && empty.errors.contains("makes the first one"), "\(empty.errors)")
            #expect(try await run("admin", "keys", "rotate", "--now").status == 0)
            let young = try await run("admin", "keys", "rotate", "--older-than", "90")
            #expect(young.status == 0 && young.output.contains("it stays"), "\(young.output)")
            #expect(try await run("admin", "keys", "rotate", "--now", "--older-than", "90").status == 64)
        }
    }
}
