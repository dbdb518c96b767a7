import ArgumentParser

/// For commands that work on the SQLite files of services.
struct SQLiteFileOptions: ParsableArguments {
    @Argument(help: "all, auth or runtime.") var services: [MigrateOptions.Selection]
    @Option(help: "Where the SQLite files are (CODELAB_DATA_DIR; default ~/.local/share/codelab).") var dataDir: String?
    @Option(help: "A YAML file with settings (CODELAB_CONFIG).") var config: String?

    /// The file of each service, in a fixed order.
    ///
    /// Throws ``ConfigurationError`` for a service whose database is PostgreSQL's.
    func files(_ sources: ConfigurationSources) throws -> [(service: ServiceName, path: String)] {
        let named = Set(services.flatMap { ServiceName(rawValue: $0.rawValue).map { [$0] } ?? ServiceName.withTables })
        let chosen = ServiceName.withTables.filter(named.contains)
        let settings = try StoreSettings(services: chosen, flags: StoreSettings.Flags(), sources: sources)
        if let service = chosen.first(where: { settings.postgres[$0] != nil }) {
            throw ConfigurationError("the database of \(service.rawValue) is PostgreSQL's: use pg_dump and pg_restore")
        }
        let data = DataDirectory(
            path: try sources.text(.dataDirectory, flag: dataDir) ?? DataDirectory.standardPath(environment: sources.environment))
        return chosen.map { ($0, data.database(of: $0)) }
    }
}
