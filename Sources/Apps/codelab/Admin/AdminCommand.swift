import ArgumentParser

/// `codelab admin`: what administrators do.
struct AdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin", abstract: "Administration of a running platform.", subcommands: [CreateUserCommand.self, KeysCommand.self]
    )
}
