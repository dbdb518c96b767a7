import ArgumentParser
import FoundationEssentials

extension Terminal {
    /// Runs a command at the terminal: what goes wrong is told there, and becomes the exit status.
    static func run(_ command: (ConfigurationSources, Terminal) async throws -> Void) async throws {
        let environment = ProcessInfo.processInfo.environment
        let terminal = Terminal(environment: environment)
        do {
            try await command(try ConfigurationSources(filePath: nil, environment: environment), terminal)
        } catch let code as ExitCode {
            throw code
        } catch {
            let (text, code) = CommandFailure.describe(error)
            terminal.note(text, .failure)
            throw code
        }
    }
}
