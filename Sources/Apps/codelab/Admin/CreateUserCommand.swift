import APISupport
import ArgumentParser
import AuthAPI

/// `codelab admin create-user`: creates an account through the auth service's API, signed in as an administrator.
struct CreateUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-user",
        abstract: "Create an account.",
        discussion: """
            Signs you in as an administrator (by the browser, or with --token or --password-from-env) and creates the account. The new account's
            password is asked for, or read from the first line of standard input when that is no terminal.

            Examples:
              codelab admin create-user ada --email ada@example.com
              echo "$PASSWORD" | codelab admin create-user ada --token "$ADMIN_TOKEN"
            """
    )

    @Argument(help: "The name to sign in with.") var username: String
    @Option(help: "The e-mail address.") var email: String?
    @Option(help: "What the user is called.") var name: String?
    @Flag(help: "Make the account an administrator.") var admin = false
    @OptionGroup(title: "Sign-in") var signIn: SignInOptions

    func run() async throws {
        try await Terminal.run { sources, terminal in
            let password = try await newPassword(terminal)
            try await signIn.signedIn(scope: "api:read api:write api:admin", keepsTokens: false, sources: sources, terminal: terminal) {
                access in
                let users = Client(serverURL: access.authURL, transport: access.transport, credentials: access.tokens)
                try await create(password: password, with: users, terminal)
            }
        }
    }

    private func create(password: String, with client: Client, _ terminal: Terminal) async throws {
        let account = Schemas.NewUser(username: username, password: password, email: email, name: name, isAdmin: admin)
        let problem: Problem
        switch try await client.createUser(Operations.CreateUser.Input(body: account)) {
        case .created(let user):
            terminal.say("Created \(user.username) (\(user.id))\n")
            return
        case .badRequest(let refused): problem = refused
        case .unauthorized(let refused): throw SignInFailure(refused.body.detail ?? refused.body.title)
        case .forbidden(let refused): throw SignInFailure(refused.body.detail ?? "this account is no administrator's")
        case .conflict(let refused): problem = refused
        case .default(_, let refused): problem = refused
        }
        terminal.note(problem.detail ?? problem.title, .failure)
        for violation in problem.errors ?? [] { terminal.note("  \(violation.pointer): \(violation.message)", .failure) }
        throw ExitCode(1)
    }

    private func newPassword(_ terminal: Terminal) async throws -> String {
        let input = StandardInput()
        guard terminal.isInteractive else {
            guard let password = try await input.line(), !password.isEmpty else {
                throw ConfigurationError("there is no password on standard input")
            }
            return password
        }
        return try await HiddenInput.read {
            terminal.ask("Password for \(username):")
            let first = try await input.line() ?? ""
            terminal.note("")
            terminal.ask("The same again:")
            let second = try await input.line() ?? ""
            terminal.note("")
            guard first == second else { throw ConfigurationError("the two passwords differ") }
            return first
        }
    }
}
