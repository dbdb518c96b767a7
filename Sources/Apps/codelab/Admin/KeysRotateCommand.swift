import ArgumentParser
import AuthHandlers
import FoundationEssentials

/// `codelab admin keys rotate`.
struct KeysRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Put a new key in line, or a new one in place of all.",
        discussion: """
            The new key is published at once and signs after --signs-after, when everybody who verifies tokens knows it. The one before is published until
            the last token that it signed has expired, and then removed. Nobody notices.

            With --now, for a key that somebody else may have: all keys are removed at once and a new one signs. CodeLab's services refuse what the old ones
            signed within a minute, others when they read the key set anew (five minutes). Nobody is signed out: programs get new tokens by their refresh
            tokens. Sign-in pages that are open have to be opened again, and calls may fail for some seconds.

            Examples:
              codelab admin keys rotate
              codelab admin keys rotate --older-than 80      (for timetables: only a key of 80 days or more is replaced)
              codelab admin keys rotate --now
            """
    )

    @OptionGroup var database: AuthDatabaseOptions
    @Option(help: "Seconds that the new key is published before it signs.") var signsAfter = Int(SigningKeyRotation.standardLead)
    @Option(help: "Do nothing when the newest key is younger than so many days.") var olderThan: Int?
    @Flag(help: "Revoke all keys: a new one signs at once.") var now = false

    func validate() throws {
        guard (0...604_800).contains(signsAfter) else { throw ValidationError("--signs-after is from 0 to 604800 seconds.") }
        guard (1...3650).contains(olderThan ?? 1) else { throw ValidationError("--older-than is from 1 to 3650 days.") }
        guard !now || olderThan == nil else {
            throw ValidationError("--now does not ask how old a key is: --older-than cannot be given too.")
        }
    }

    func run() async throws {
        try await database.withKeyRotation { rotation, terminal in
            if now {
                let key = try await rotation.revokeAll()
                return terminal.say("All keys were revoked. \(key.kid) signs.\n")
            }
            switch try await rotation.rotate(lead: TimeInterval(signsAfter), ifOlderThan: TimeInterval(olderThan ?? 0) * 86_400) {
            case .rotated(let key):
                terminal.say("\(key.kid) is published, and signs from \(KeyReport.text(key.signsFrom)) on.\n")
            case .notDue(let key):
                terminal.say("\(key.kid) is of \(KeyReport.text(key.createdAt)): it stays.\n")
            case .underWay(let key):
                terminal.note("a rotation is under way: \(key.kid) signs from \(KeyReport.text(key.signsFrom)) on", .failure)
                throw ExitCode(1)
            }
        }
    }
}
