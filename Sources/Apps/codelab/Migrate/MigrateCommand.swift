import ArgumentParser

/// `codelab migrate`: the tables of the services' databases.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Show which steps the databases' tables lack, or apply them.",
        discussion: """
            The tables are those of --database-url (CODELAB_DATABASE_URL, CODELAB_AUTH_DATABASE_URL, CODELAB_RUNTIME_DATABASE_URL), else of the SQLite
            files in the data directory. Without a subcommand it is `status`. `codelab serve` applies missing steps itself, unless it is started with
            --no-migrate.

            Exit status: 0 everything is applied, 4 steps are pending, 1 a database cannot be asked or is not on the way of this program's steps,
            2 a setting makes no sense.

            Examples:
              codelab migrate status
              codelab migrate up
              codelab migrate up auth --database-url postgres://codelab@db/auth_db
              CODELAB_DATABASE_URL_FILE=/run/secrets/database codelab migrate status --format json
            """,
        subcommands: [MigrateStatusCommand.self, MigrateUpCommand.self], defaultSubcommand: MigrateStatusCommand.self
    )

    /// Steps are pending.
    static let pending = ExitCode(4)
}

/// `codelab migrate status`: changes nothing.
struct MigrateStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which steps are applied and which are pending; change nothing.",
        discussion: """
            Exit status: 0 everything is applied, 4 steps are pending, 1 failure, 2 a setting makes no sense.

            Examples:
              codelab migrate status
              codelab migrate status runtime --format json
            """
    )

    @OptionGroup var options: MigrateOptions

    func run() async throws {
        try await options.run { tables in
            MigrationReport.Entry(tables, status: await Result(of: { try await tables.status() }))
        }
    }
}

/// `codelab migrate up`: applies what is missing.
struct MigrateUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Apply the pending steps, each in a transaction of its own.",
        discussion: """
            Any number of these may run at once: each step is applied once. A step that fails leaves nothing of itself; those before it stay.

            Exit status: 0 everything is applied, 1 failure, 2 a setting makes no sense.

            Examples:
              codelab migrate up
              codelab migrate up auth runtime --database-url postgres://codelab@db/codelab
            """
    )

    @OptionGroup var options: MigrateOptions

    func run() async throws {
        try await options.run { tables in
            let applied = await Result(of: { try await tables.apply() })
            let status = await Result(of: {
                _ = try applied.get()
                return try await tables.status()
            })
            return MigrationReport.Entry(tables, status: status, appliedNow: (try? applied.get()) ?? [])
        }
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous body gives or throws.
    fileprivate init(of body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
