import FoundationEssentials
import GRDB
import Migrations
import PostgresClient
import PostgresInfrastructure
import SQLiteInfrastructure
import TestServers
import Testing

/// The dialects whose migrators must behave alike.
enum Dialect: String, CaseIterable, CustomTestStringConvertible {
    case sqlite
    /// For suites with the trait `.postgres`.
    case postgres

    var testDescription: String { rawValue }

    /// The services' own steps.
    var sequences: [MigrationSequence] {
        switch self {
        case .sqlite: [.sqliteAuth, .sqliteRuntime]
        case .postgres: [.postgresAuth, .postgresRuntime]
        }
    }

    /// The folder of the steps' files.
    var folder: String {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        return "\(root)/Sources/Infrastructure/\(self == .sqlite ? "SQLite" : "Postgres")/Migrations"
    }

    /// Runs a test on an empty database.
    func withDatabase(_ body: (TestDatabase) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: "codelab-migrations-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try await body(.sqlite(path: folder.path + "/test.sqlite"))
        case .postgres:
            try await body(.postgres(PostgresConfiguration(try await PostgresServer.current.newDatabase())))
        }
    }
}

/// A database, seen past its migrator.
enum TestDatabase: Sendable {
    case sqlite(path: String)
    case postgres(PostgresConfiguration)

    /// A migrator as another process would have it: with connections of its own.
    func migrator(patience: Duration = .seconds(60)) throws -> any Migrator {
        switch self {
        case .sqlite(let path): SQLiteMigrator(try SQLiteDatabase(path: path), patience: patience)
        case .postgres(let configuration): PostgresMigrator(configuration, patience: patience)
        }
    }

    func execute(_ sql: String) async throws {
        switch self {
        case .sqlite(let path): try await DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
        case .postgres(let configuration):
            try await PostgresPool.withPool(configuration) { _ = try await $0.query(PostgresQuery(sql: sql)) }
        }
    }

    /// The first column of what a query finds.
    func integers(_ sql: String) async throws -> [Int] {
        switch self {
        case .sqlite(let path): try await DatabaseQueue(path: path).read { try Int.fetchAll($0, sql: sql) }
        case .postgres(let configuration):
            try await PostgresPool.withPool(configuration) { try await $0.query(PostgresQuery(sql: sql)).map { try $0.decode(Int.self) } }
        }
    }

    /// Holds what a migrator at work holds, while the body runs.
    func whileLocked(_ body: @escaping @Sendable () async throws -> Void) async throws {
        switch self {
        case .sqlite(let path):
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: path, configuration: configuration)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            try await body()
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        case .postgres(let configuration):
            try await PostgresPool.withPool(configuration) { pool in
                try await pool.withConnection { connection in
                    try await connection.query("SELECT pg_advisory_lock(\(0x636F_6465_6C61_6200 as Int64))")
                    try await body()
                }
            }
        }
    }
}
