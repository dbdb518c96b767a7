import ArgumentParser
import AuthHandlers
import FoundationEssentials
import Logging
import PostgresClient
import PostgresInfrastructure
import SQLiteInfrastructure

/// For commands that work on the auth service's database itself, whether the service runs or not.
struct AuthDatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("database-url"),
        help:
            "The auth service's PostgreSQL database, postgres://… (CODELAB_AUTH_DATABASE_URL, CODELAB_DATABASE_URL; default: its SQLite file)."
    )
    var databaseURL: String?
    @Option(help: "Where the SQLite file is (CODELAB_DATA_DIR; default ~/.local/share/codelab).") var dataDir: String?
    @Option(help: "A YAML file with settings (CODELAB_CONFIG).") var config: String?

    /// Opens the database, whose tables must be there and up to date, for as long as `body` runs.
    ///
    /// Throws ``ConfigurationError``, and what `body` throws.
    func withRepositories(
        _ sources: ConfigurationSources, _ body: (AuthRepositories) async throws -> Void
    ) async throws {
        let settings = try StoreSettings(services: [.auth], flags: StoreSettings.Flags(databaseURL: databaseURL), sources: sources)
        let data = DataDirectory(
            path: try sources.text(.dataDirectory, flag: dataDir) ?? DataDirectory.standardPath(environment: sources.environment))
        try await ServiceTables(of: .auth, settings, data).prepare(migrates: false, Self.logger)
        if let configuration = settings.postgres[.auth] {
            return try await PostgresPool.withPool(configuration) { try await body(.postgres($0)) }
        }
        let database = try SQLiteDatabase(path: data.database(of: .auth))
        do {
            try await body(.sqlite(database))
        } catch {
            try database.close()
            throw error
        }
        try database.close()
    }

    /// Warnings go to standard error.
    private static let logger = Logger(label: "codelab") { StandardErrorLogHandler(label: $0, format: .text, level: .notice) }
}
