import APIAsyncHTTPClient
import ArgumentParser
import AsyncHTTPClient

/// `codelab health`: what a container's health check runs; it needs no shell.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask whether the services on this machine are ready, or alive.",
        discussion: """
            Without an argument every service that listens on this machine, at the ports of the settings, has to be ready; one at least has to listen.
            With a service's name, or an address, it is that one.

            Exit status: 0 ready (with --live: alive), 1 not, or nothing to ask.

            Examples:
              codelab health
              codelab health gateway --timeout 2
              codelab health --live http://127.0.0.1:9000
              HEALTHCHECK CMD ["codelab", "health"]         in a Containerfile
            """
    )

    @Argument(help: "auth, gateway, runtime, llm-proxy, website, or an address such as http://127.0.0.1:9000.") var target: String?
    @Flag(help: "Ask whether the process lives, not whether it should get requests.") var live = false
    @Option(help: "Seconds that all answers together may take (default 3).") var timeout = 3
    @Option(help: "A YAML file with settings (CODELAB_CONFIG).") var config: String?

    func validate() throws {
        guard (1...300).contains(timeout) else { throw ValidationError("--timeout is from 1 to 300 seconds.") }
    }

    func run() async throws {
        try await Terminal.run(file: config) { sources, terminal in
            let targets: [HealthTarget]
            do {
                targets = try HealthTarget.list(target, sources)
            } catch let error as ConfigurationError {
                terminal.note("\(error)", .failure)
                throw Self.unhealthy
            }
            let probe = HealthProbe(asksForLife: live, timeout: .seconds(timeout))
            let findings = try await HTTPClient.withHTTPClient(configuration: HealthProbe.clientConfiguration) { client in
                await probe.ask(targets, AsyncHTTPClientTransport(client: client))
            }
            // Who was not asked for by name need not be there.
            let heeded = target == nil ? findings.filter { $0.outcome != .absent } : findings
            for finding in heeded { finding.tell(terminal) }
            if heeded.isEmpty { terminal.note("no service listens here: \(targets.map(\.address).joined(separator: ", "))", .failure) }
            guard !heeded.isEmpty, heeded.allSatisfy(\.isHealthy) else { throw Self.unhealthy }
        }
    }

    private static let unhealthy = ExitCode(1)
}
