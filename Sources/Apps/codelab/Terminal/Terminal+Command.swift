import ArgumentParser
import FoundationEssentials

extension Terminal {
    /// Runs a command at the terminal: what goes wrong is told there, and becomes the exit status.
    ///
    /// - Parameter file: The YAML file of the flag `--config`.
    static func run(file: String? = nil, _ command: (ConfigurationSources, Terminal) async throws -> Void) async throws {
        let environment = ProcessInfo.processInfo.environment
        let terminal = Terminal(environment: environment)
        do {
            try await command(try ConfigurationSources(filePath: file, environment: environment), terminal)
        } catch let code as ExitCode {
            throw code
        } catch {
            let (text, code) = CommandFailure.describe(error)
            terminal.note(text, .failure)
            throw code
        }
    }
}
