import FoundationEssentials
import PostgresClient
import RedisClient
import Testing

@testable import codelab

@Suite("Settings of PostgreSQL and Redis")
struct StoreSettingsTests {
    private func settings(
        _ environment: [String: String] = [:], services: [ServiceName] = ServiceName.platform, flags: StoreSettings.Flags = .init(),
        yaml: String = ""
    ) throws -> StoreSettings {
        let file = try ConfigurationFile(text: yaml, path: "c.yaml")
        return try StoreSettings(services: services, flags: flags, sources: ConfigurationSources(environment: environment, file: file))
    }

    @Test("A service's own database comes before the general one; the flag before the variable")
    func databases() throws {
        let environment = ["CODELAB_DATABASE_URL": "postgres://h/general", "CODELAB_AUTH_DATABASE_URL": "postgresql://h/auth_db"]
        let both = try settings(environment)
        #expect(both.postgres.mapValues(\.connectionString) == [.auth: "postgresql://h/auth_db", .runtime: "postgres://h/general"])
        let flagged = try settings(environment, flags: .init(databaseURL: "postgres://h/flag"))
        #expect(flagged.postgres.mapValues(\.connectionString) == [.auth: "postgresql://h/auth_db", .runtime: "postgres://h/flag"])
        #expect(try settings(environment, services: [.auth, .gateway]).postgres.keys.sorted { $0.rawValue < $1.rawValue } == [.auth])
        #expect(try settings().postgres.isEmpty)
        #expect(try settings().redis?.database == nil)
    }

    @Test("URLs can be read from files that variables name, and never stand in the YAML file")
    func secrets() throws {
        let file = FileManager.default.temporaryDirectory.path + "/codelab-url-\(UInt64.random(in: 0 ... .max))"
        try PrivateFile.write("redis://:secret@h/3\n", to: file)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let redis = try #require(try settings(["CODELAB_REDIS_URL_FILE": file]).redis)
        #expect(redis.password == "secret")
        #expect(redis.database == 3)
        for yaml in ["database: {url: 'postgres://h/d'}", "redis: {url: 'redis://h'}"] {
            #expect(throws: ConfigurationError.self) { try settings(yaml: yaml) }
        }
    }

    @Test("What a pool may hold and for how long can be said in the file and in the environment")
    func limits() throws {
        let yaml = "database: {max_connections: 40, statement_timeout: 7, migrate: no}\nredis: {command_timeout: 2}\nstart_timeout: 3\n"
        let environment = [
            "CODELAB_DATABASE_MAX_CONNECTIONS": "20", "CODELAB_DATABASE_URL": "postgres://h/d", "CODELAB_REDIS_URL": "redis://h",
        ]
        let settings = try settings(environment, yaml: yaml)
        #expect(settings.poolLimits.maximumConnections == 20)
        #expect(settings.postgres[.auth]?.statementTimeout == .seconds(7))
        #expect(settings.redis?.commandTimeout == .seconds(2))
        #expect(settings.startTimeout == .seconds(3))
        #expect(!settings.migratesAtStart)
        #expect(try self.settings(environment, flags: .init(migratesAtStart: true), yaml: yaml).migratesAtStart)
    }

    @Test(
        "What makes no sense is refused with the setting's name, and without its value",
        arguments: [
            (["CODELAB_DATABASE_URL": "sqlite://hidden"], "CODELAB_DATABASE_URL"),
            (["CODELAB_RUNTIME_DATABASE_URL": "postgres://h/d?hidden=1"], "CODELAB_RUNTIME_DATABASE_URL"),
            (["CODELAB_REDIS_URL": "redis://u:hidden@h:0"], "CODELAB_REDIS_URL"),
            (["CODELAB_DATABASE_MAX_CONNECTIONS": "0"], "CODELAB_DATABASE_MAX_CONNECTIONS"),
            (["CODELAB_DATABASE_MIN_CONNECTIONS": "11"], "CODELAB_DATABASE_MAX_CONNECTIONS"),
            (["CODELAB_DATABASE_CONNECT_TIMEOUT": "1"], "CODELAB_DATABASE_CONNECT_TIMEOUT"),
            (["CODELAB_REDIS_COMMAND_TIMEOUT": "5s"], "CODELAB_REDIS_COMMAND_TIMEOUT"),
            (["CODELAB_MIGRATE": "perhaps"], "CODELAB_MIGRATE"),
        ] as [([String: String], String)])
    func refused(environment: [String: String], says: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try settings(environment) }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("hidden") == false, "\(error?.description ?? "")")
    }
}
