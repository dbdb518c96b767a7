import AuthHandlers
import FoundationEssentials
import MemoryInfrastructure
import Migrations
import PostgresClient
import PostgresInfrastructure
import SQLiteInfrastructure
import TestServers
import Testing

/// The storages that must behave alike.
enum Storage: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite
    /// For suites with the trait `.postgres`.
    case postgres

    var testDescription: String { rawValue }

    /// Runs a test on an empty storage, and removes it afterwards.
    func withRepositories<Result: Sendable>(_ body: (AuthRepositories) async throws -> Result) async throws -> Result {
        switch self {
        case .memory: return try await body(.inMemory())
        case .sqlite:
            return try await withTemporaryFolder { folder in
                let database = try SQLiteDatabase(path: folder + "/auth.sqlite")
                try await SQLiteMigrator(database).apply(.sqliteAuth)
                let result = try await body(.sqlite(database))
                try database.close()
                return result
            }
        case .postgres:
            let configuration = PostgresConfiguration(try await PostgresServer.current.newDatabase())
            try await PostgresMigrator(configuration).apply(.postgresAuth)
            return try await PostgresPool.withPool(configuration) { try await body(.postgres($0)) }
        }
    }
}

/// Runs a test with a folder of its own, which is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "codelab-auth-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
