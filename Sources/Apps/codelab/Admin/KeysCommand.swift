import APISupport
import ArgumentParser
import AuthHandlers

/// `codelab admin keys`: the keys that sign tokens.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Show or rotate the keys that sign tokens.",
        discussion: """
            Works on the auth service's database itself; every replica of the service follows within ten seconds. Private keys are never shown. Without a
            subcommand it is `list`.

            Exit status: 0 done, 1 the database cannot be asked, or a rotation is under way already; 2 a setting makes no sense.

            Examples:
              codelab admin keys list
              codelab admin keys rotate
              codelab admin keys rotate --older-than 80
              codelab admin keys rotate --now
            """,
        subcommands: [KeysListCommand.self, KeysRotateCommand.self], defaultSubcommand: KeysListCommand.self
    )
}

/// `codelab admin keys list`.
struct KeysListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the keys: which one signs, which is next, and until when the retired ones are published.")

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table
        case json
    }

    @OptionGroup var database: AuthDatabaseOptions
    @Option(help: "table or json.") var format: Format = .table

    func run() async throws {
        try await database.withKeyRotation { rotation, terminal in
            let report = KeyReport(keys: try await rotation.keys())
            terminal.say(format == .json ? String(decoding: JSONWriter.encode(report.json), as: UTF8.self) + "\n" : report.table)
        }
    }
}

extension AuthDatabaseOptions {
    /// Runs a command about the signing keys.
    func withKeyRotation(_ body: (SigningKeyRotation, Terminal) async throws -> Void) async throws {
        try await Terminal.run(file: config) { sources, terminal in
            try await withRepositories(sources) { repositories in
                let configuration = try AuthConfiguration(environment: sources.environment)
                try await body(SigningKeyRotation(repository: repositories.signingKeys, configuration: configuration), terminal)
            }
        }
    }
}
