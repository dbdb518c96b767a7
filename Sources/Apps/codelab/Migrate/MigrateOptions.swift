import APISupport
import ArgumentParser

/// What both of `codelab migrate`'s commands are told.
struct MigrateOptions: ParsableArguments {
    /// A service that has tables.
    enum Selection: String, CaseIterable, ExpressibleByArgument {
        case all
        case auth
        case runtime
    }

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table
        case json
    }

    @Argument(help: "all, auth or runtime; default all.") var services: [Selection] = []
    @Option(name: .customLong("database-url"), help: "A PostgreSQL database, postgres://… (CODELAB_DATABASE_URL; default: SQLite files).")
    var databaseURL: String?
    @Option(help: "Where the SQLite files are (CODELAB_DATA_DIR; default ~/.local/share/codelab).") var dataDir: String?
    @Option(help: "A YAML file with settings (CODELAB_CONFIG).") var config: String?
    @Option(help: "table or json.") var format: Format = .table

    /// Does something with the tables of each service, and reports it.
    ///
    /// - Throws: The exit status.
    func run(_ body: (ServiceTables) async -> MigrationReport.Entry) async throws {
        try await Terminal.run(file: config) { sources, terminal in
            let named = Set(services.flatMap { ServiceName(rawValue: $0.rawValue).map { [$0] } ?? ServiceName.withTables })
            let chosen = ServiceName.withTables.filter { named.isEmpty || named.contains($0) }
            let settings = try StoreSettings(services: chosen, flags: StoreSettings.Flags(databaseURL: databaseURL), sources: sources)
            let directory = try sources.text(.dataDirectory, flag: dataDir) ?? DataDirectory.standardPath(environment: sources.environment)
            var report = MigrationReport()
            for service in chosen {
                report.entries.append(await body(ServiceTables(of: service, settings, DataDirectory(path: directory))))
            }
            terminal.say(format == .json ? String(decoding: JSONWriter.encode(report.json), as: UTF8.self) + "\n" : report.table)
            for failure in report.failures { terminal.note(failure, .failure) }
            if !report.failures.isEmpty { throw ExitCode.failure }
            if !report.isUpToDate { throw MigrateCommand.pending }
        }
    }
}
