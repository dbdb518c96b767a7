import FoundationEssentials
import HTTPTypes
import TestServers
import Testing

@testable import codelab

/// What `serve` says when PostgreSQL or Redis cannot be used. Passwords are never in it.
@Suite("Starting on PostgreSQL and Redis", .serialized, .postgres)
struct StoreStartTests {
    private func serve(
        _ arguments: [String] = [], _ environment: [String: String], in folder: URL
    ) async throws -> CommandLineRun.Result {
        try await CommandLineRun(
            ["serve", "all", "--port", "0", "--data-dir", folder.path + "/data"] + arguments,
            environment: ["CODELAB_START_TIMEOUT": "0"].merging(environment) { $1 }
        ).finish()
    }

    /// A login that is refused is not waited for, however patient the settings are.
    private let patient = ["CODELAB_START_TIMEOUT": "3600"]

    @Test("A server that cannot be used ends the start at once, with the reason", .timeLimit(.minutes(2)))
    func unusable() async throws {
        let server = try PostgresServer.current
        let port = try FreePort.next()
        let cases = [
            (
                ["CODELAB_DATABASE_URL": "postgres://codelab:a-wrong-secret@127.0.0.1:\(server.port)/codelab"].merging(patient) { $1 },
                "password authentication failed"
            ),
            (["CODELAB_DATABASE_URL": server.url + "_missing"].merging(patient) { $1 }, "database \"codelab_missing\" does not exist"),
            (["CODELAB_DATABASE_URL": "postgres://codelab:a-wrong-secret@127.0.0.1:\(port)/codelab"], "Connection refused"),
            (["CODELAB_RUNTIME_DATABASE_URL": "postgres://codelab:a-wrong-secret@127.0.0.1:\(port)/codelab"], "Connection refused"),
            (["CODELAB_REDIS_URL": "redis://:a-wrong-secret@127.0.0.1:\(port)"], "127.0.0.1:\(port)"),
        ]
        for (environment, reason) in cases {
            try await RunningPlatform.withFolder { folder in
                let result = try await serve([], environment, in: folder)
                #expect(result.status == 1)
                #expect(result.errors.contains(reason), "\(result.errors)")
                #expect(result.errors.contains("cannot be used"), "\(result.errors)")
                #expect(!(result.errors + result.output).contains("a-wrong-secret"))
            }
        }
    }

    @Test("Redis' wrong password is told as such", .timeLimit(.minutes(2)))
    func redisPassword() async throws {
        let redis = try await RedisServer()
        do {
            try await RunningPlatform.withFolder { folder in
                let result = try await serve(
                    [], ["CODELAB_REDIS_URL": "redis://:a-wrong-secret@127.0.0.1:\(redis.port)"].merging(patient) { $1 }, in: folder)
                #expect(result.status == 1)
                #expect(result.errors.contains("WRONGPASS"), "\(result.errors)")
                #expect(!result.errors.contains("a-wrong-secret"))
            }
        } catch {
            try await redis.stop()
            throw error
        }
        try await redis.stop()
    }

    @Test("URLs that are none are refused before anything is started, without their text", .timeLimit(.minutes(2)))
    func wrongURLs() async throws {
        let cases = [
            (["CODELAB_DATABASE_URL": "mysql://x:a-wrong-secret@h/d"], "must begin with postgres://"),
            (["CODELAB_AUTH_DATABASE_URL": "x:a-wrong-secret@h/d"], "CODELAB_AUTH_DATABASE_URL"),
            (["CODELAB_DATABASE_URL": "postgres://x:a-wrong-secret@h/d?nothing=1"], "CODELAB_DATABASE_URL"),
            (["CODELAB_REDIS_URL": "http://x:a-wrong-secret@h"], "its scheme is none of redis"),
        ]
        for (environment, reason) in cases {
            try await RunningPlatform.withFolder { folder in
                let result = try await serve([], environment, in: folder)
                #expect(result.status == 64)
                #expect(result.errors.contains(reason), "\(result.errors)")
                #expect(!result.errors.contains("a-wrong-secret"), "\(result.errors)")
            }
        }
    }

    @Test("A database that comes later is waited for, and why is said meanwhile", .timeLimit(.minutes(3)))
    func late() async throws {
        let server = try await PostgresServer()
        do {
            try await server.kill()
            try await RunningPlatform.withFolder { folder in
                let ports = folder.path + "/ports.json"
                let process = try CommandLineRun(
                    ["serve", "all", "--port", "0", "--ports-file", ports, "--data-dir", folder.path + "/data"],
                    environment: [
                        "CODELAB_DATABASE_URL": server.url, "CODELAB_START_TIMEOUT": "60", "CODELAB_AUTH_SCRYPT_LOG_N": "4",
                        "CODELAB_ADMIN_PASSWORD": RunningPlatform.administratorPassword,
                    ])
                let reason = try await process.errors(through: "\n", after: "Waiting for PostgreSQL")
                #expect(reason.contains("Connection refused"))
                try await server.start()
                _ = try await process.ports(in: ports)
                process.terminate()
                #expect(await process.finish().status == 0)
            }
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    @Test("Tables of a newer version are taken by serve, and refused by migrate up", .timeLimit(.minutes(3)))
    func newerTables() async throws {
        let server = try PostgresServer.current
        let database = try await server.newDatabase()
        let environment = ["CODELAB_DATABASE_URL": database]
        try await RunningPlatform.withFolder { folder in
            let up = try await CommandLineRun(["migrate", "up"], environment: environment).finish()
            #expect(up.status == 0, "\(up.errors)")
            try await server.run(
                "psql",
                [
                    "-d", String(database.split(separator: "/").last ?? ""), "-c",
                    """
                    INSERT INTO codelab_migrations (service, number, name, checksum)
                    SELECT 'auth', max(number) + 1, 'later', 'x' FROM codelab_migrations WHERE service = 'auth'
                    """,
                ])
            let refused = try await CommandLineRun(["migrate", "up"], environment: environment).finish()
            #expect(refused.status == 1)
            #expect(refused.errors.contains("newer version"), "\(refused.errors)")
            for migrates in ["true", "false"] {
                let environment = environment.merging(["CODELAB_MIGRATE": migrates]) { $1 }
                try await RunningPlatform.run(in: folder, environment: environment) { platform in
                    let answer = try await platform.send(.auth, .get, "/health")
                    #expect(answer.status == 200)
                }
            }
        }
    }

    @Test("With --no-migrate old tables are refused, and what to type is said", .timeLimit(.minutes(3)))
    func noMigration() async throws {
        let database = try await PostgresServer.current.newDatabase()
        for environment in [["CODELAB_DATABASE_URL": database], [:]] {
            try await RunningPlatform.withFolder { folder in
                let refused = try await serve(["--no-migrate"], environment, in: folder)
                #expect(refused.status == 1)
                #expect(refused.errors.contains("codelab migrate up"), "\(refused.errors)")

                let up = try await CommandLineRun(["migrate", "up", "--data-dir", folder.path + "/data"], environment: environment).finish()
                #expect(up.status == 0, "\(up.errors)")
                try await RunningPlatform.run(in: folder, environment: environment.merging(["CODELAB_MIGRATE": "false"]) { $1 }) {
                    platform in
                    let answer = try await platform.send(.auth, .get, "/health")
                    #expect(answer.status == 200)
                }
            }
        }
    }
}
