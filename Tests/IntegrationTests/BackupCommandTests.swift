import AuthAPI
import Foundation
import GatewayAPI
import TestServers
import Testing

@testable import codelab

@Suite("codelab backup and restore", .serialized)
struct BackupCommandTests {
    private func run(_ folder: URL, _ arguments: String...) async throws -> CommandLineRun.Result {
        try await CommandLineRun(arguments + ["--data-dir", folder.path + "/data"]).finish()
    }

    private func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path + "/backups").sorted()
    }

    @Test("Backed up while it is used, wiped and restored: an old refresh token and a conversation are good", .timeLimit(.minutes(3)))
    func rehearsal() async throws {
        try await RunningPlatform.withFolder { folder in
            var refreshToken = ""
            var sessions: [String] = []
            try await RunningPlatform.run(in: folder) { platform in
                let user = try await platform.newUser("ada")
                let signIn = SignIn(
                    authURL: platform.url(of: .auth), transport: platform.transport, terminal: Terminal(environment: [:]),
                    scope: "api:read api:write", unattended: Unattended(username: "ada", password: user.password), keepsTokens: false)
                refreshToken = try #require(try await signIn.authorize().refreshToken)
                let client = GatewayAPI.Client(
                    serverURL: platform.url(of: .gateway), transport: platform.transport, credentials: user.tokens)
                let session = try await client.createSession(.init(body: .init())).created.body.id
                sessions = [session]
                let backup = try await run(folder, "backup", "all", "--to", folder.path + "/backups")
                #expect(backup.status == 0, "\(backup.errors)")
                // What is written later is not in it.
                _ = try await client.createSession(.init(body: .init())).created

                let inUse = try await run(folder, "restore", "auth", "--from", folder.path + "/backups")
                #expect(inUse.status == 1 && inUse.errors.contains("is in use"), "\(inUse.errors)")
                _ = try await signIn.authorize()
            }
            let name = try #require(try names(folder).first)
            for service in ["auth", "runtime"] {
                let path = "\(folder.path)/backups/\(name)/\(service).sqlite"
                #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            }
            try FileManager.default.removeItem(atPath: folder.path + "/data")
            let restored = try await run(folder, "restore", "all", "--from", folder.path + "/backups")
            #expect(restored.status == 0, "\(restored.errors)")

            try await RunningPlatform.run(in: folder) { platform in
                let auth = AuthAPI.Client(serverURL: platform.url(of: .auth), transport: platform.transport)
                let tokens = try await AccessTokens.refresh(refreshToken, client: auth)
                let client = GatewayAPI.Client(
                    serverURL: platform.url(of: .gateway), transport: platform.transport,
                    credentials: AccessTokens(token: tokens.accessToken, client: auth, authURL: ""))
                #expect(try await client.listSessions(.init()).ok.body.sessions.map(\.id) == sessions)
            }
            // Over what is there now, too.
            #expect(try await run(folder, "restore", "all", "--from", folder.path + "/backups", "--backup", name).status == 0)
        }
    }

    @Test("Old backups are removed, never the newest; what cannot be is told, and nothing is left of it", .timeLimit(.minutes(1)))
    func keeping() async throws {
        try await RunningPlatform.withFolder { folder in
            let backups = folder.path + "/backups"
            let empty = try await run(folder, "backup", "auth", "--to", backups)
            #expect(empty.status == 2 && empty.errors.contains("auth.sqlite"))
            #expect(
                try await CommandLineRun(["migrate", "up"], environment: ["CODELAB_DATA_DIR": folder.path + "/data"]).finish().status == 0)
            for old in ["2020-01-01T000000Z", "2020-01-02T000000Z", "not-a-backup"] { try PrivateFile.makeFolder("\(backups)/\(old)") }
            #expect(try await run(folder, "backup", "runtime", "--to", backups, "--keep-days", "30").status == 0)
            let kept = try names(folder)
            #expect(kept.count == 2 && kept.last == "not-a-backup" && kept[0] > "2026")
            let other = try await run(folder, "restore", "auth", "--from", backups)
            #expect(other.status == 2 && other.errors.contains("there is no"), "\(other.errors)")
            #expect(try await run(folder, "restore", "runtime", "--from", backups, "--backup", "2020-01-01T000000Z").status == 2)
            try Data("damaged".utf8).write(to: folder.appending(path: "backups/\(kept[0])/runtime.sqlite"))
            #expect(try await run(folder, "restore", "runtime", "--from", backups).status == 1)
            try Data("damaged".utf8).write(to: folder.appending(path: "data/runtime.sqlite"))
            #expect(try await run(folder, "backup", "runtime", "--to", backups).status == 1)
            #expect(try names(folder) == kept)
            let postgres = try await CommandLineRun(
                ["backup", "all", "--to", backups], environment: ["CODELAB_DATABASE_URL": "postgres://user:secret@host/db"]
            ).finish()
            #expect(postgres.status == 2 && postgres.errors.contains("pg_dump") && !postgres.errors.contains("secret"))
        }
    }
}
