import ArgumentParser

/// The one executable: the services, the terminal client and administration.
@main
struct CodeLab: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "codelab",
        abstract: "CodeLab: an agent platform of four services, and its terminal client.",
        discussion: """
            Examples:
              codelab serve all                              the whole platform on ports 8000-8003, data in ~/.local/share/codelab
              codelab serve all --llm-base-url https://api.example.com/v1 --llm-models some-model
              codelab health                                 whether what runs here is ready
              codelab migrate status                         which steps the databases' tables still lack
              codelab chat                                   sign in by the browser and talk about the folder you are in
              codelab chat --workspace ~/project "What does this do?"
              codelab admin create-user ada                  an account (asks for its password)
              codelab admin keys rotate                      a new key signs tokens in an hour; nobody notices
              codelab backup all --to /var/backups/codelab   the SQLite files, while they are used

            Settings come from flags, then environment variables (CODELAB_…), then a YAML file (--config), then defaults.
            """,
        version: version,
        subcommands: [
            ServeCommand.self, HealthCommand.self, MigrateCommand.self, BackupCommand.self, RestoreCommand.self, ChatCommand.self,
            AdminCommand.self,
        ]
    )
}
