import APISupport
import FoundationEssentials
import TestServers
import Testing

@testable import codelab

@Suite("codelab migrate", .serialized, .postgres)
struct MigrateCommandTests {
    /// Where the tables are.
    enum Place: String, CaseIterable {
        case files
        case postgres

        /// The settings of an empty database.
        func environment(_ folder: URL) async throws -> [String: String] {
            switch self {
            case .files: ["CODELAB_DATA_DIR": folder.path + "/data"]
            case .postgres: ["CODELAB_DATABASE_URL": try await PostgresServer.current.newDatabase()]
            }
        }
    }

    private func migrate(_ arguments: String..., environment: [String: String]) async throws -> CommandLineRun.Result {
        try await CommandLineRun(["migrate"] + arguments, environment: environment).finish()
    }

    private func report(_ result: CommandLineRun.Result) throws -> (isUpToDate: Bool, services: [String: JSONObject]) {
        let object = try JSONReader.decode(JSONObject.self, from: Array(result.output.utf8))
        var services: [String: JSONObject] = [:]
        for case .object(let entry) in object["services"]?.arrayValue ?? [] { services[entry["service"]?.stringValue ?? ""] = entry }
        return (object["up_to_date"] == .boolean(true), services)
    }

    private func count(_ member: String, _ entry: JSONObject?) -> Int { entry?[member]?.arrayValue?.count ?? 0 }

    @Test("status says what is pending and changes nothing; up applies it", .timeLimit(.minutes(2)), arguments: Place.allCases)
    func statusAndUp(place: Place) async throws {
        try await RunningPlatform.withFolder { folder in
            let environment = try await place.environment(folder)
            for _ in 0..<2 {
                let before = try await migrate("status", "--format", "json", environment: environment)
                #expect(before.status == 4, "\(before.errors)")
                let found = try report(before)
                #expect(!found.isUpToDate && count("applied", found.services["auth"]) == 0 && count("pending", found.services["auth"]) > 0)
            }
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"))

            let one = try await migrate("up", "auth", environment: environment)
            #expect(one.status == 0, "\(one.errors)")
            #expect(one.output.contains("accounts-and-tokens") && one.output.contains("applied now"), "\(one.output)")
            #expect(try await migrate(environment: environment).status == 4)
            #expect(try await migrate("up", environment: environment).status == 0)
            let after = try await migrate("status", environment: environment)
            #expect(after.status == 0)
            #expect(!after.output.contains("pending") && after.output.contains("sessions"), "\(after.output)")
            #expect(!(after.output + after.errors).contains(PostgresServer.password))
        }
    }

    @Test("Ten at once apply each step once", .timeLimit(.minutes(3)), arguments: Place.allCases)
    func tenAtOnce(place: Place) async throws {
        try await RunningPlatform.withFolder { folder in
            let environment = try await place.environment(folder)
            let runs = try (0..<10).map { _ in try CommandLineRun(["migrate", "up", "--format", "json"], environment: environment) }
            var applied: [String: Int] = [:]
            for run in runs {
                let result = await run.finish()
                #expect(result.status == 0, "\(result.errors)")
                let found = try report(result)
                #expect(found.isUpToDate)
                for (service, entry) in found.services { applied[service, default: 0] += count("applied_now", entry) }
            }
            let status = try report(try await migrate("status", "--format", "json", environment: environment)).services
            #expect(!applied.isEmpty)
            for (service, count) in applied { #expect(count == self.count("applied", status[service]), "\(service)") }
        }
    }

    @Test("A database that is not on the way of the steps, and one that is not there, are failures", .timeLimit(.minutes(2)))
    func failures() async throws {
        let server = try PostgresServer.current
        let database = try await server.newDatabase()
        let environment = ["CODELAB_DATABASE_URL": database]
        #expect(try await migrate("up", environment: environment).status == 0)
        let name = String(database.split(separator: "/").last ?? "")
        try await server.run(
            "psql", ["-d", name, "-c", "UPDATE codelab_migrations SET checksum = 'x' WHERE service = 'runtime' AND number = 1"])
        let changed = try await migrate("status", "--format", "json", environment: environment)
        #expect(changed.status == 1)
        let found = try report(changed)
        #expect(found.services["runtime"]?["error"]?.stringValue?.contains("was changed after it had been applied") == true)
        #expect(found.services["auth"]?["error"] == nil)
        #expect(changed.errors.contains("was changed"))

        let wrong = "postgres://codelab:a-wrong-secret@127.0.0.1:\(server.port)/codelab"
        let refused = try await migrate("up", environment: ["CODELAB_DATABASE_URL": wrong])
        #expect(refused.status == 1)
        #expect(refused.errors.contains("password authentication failed"), "\(refused.errors)")
        #expect(!refused.errors.contains("a-wrong-secret"))
        #expect(try await migrate("up", environment: ["CODELAB_DATABASE_URL": "mysql://x"]).status == 2)
    }
}
