import Foundation
import Glibc
import TestServers
import Testing

@testable import codelab

@Suite("codelab health", .serialized)
struct HealthCommandTests {
    private func health(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> CommandLineRun.Result {
        try await CommandLineRun(["health"] + arguments, environment: environment).finish()
    }

    /// The ports of services as settings; nobody listens at those of the others.
    private func settings(_ ports: [String: Int]) throws -> [String: String] {
        var environment: [String: String] = [:]
        for service in ServiceName.allCases {
            environment[Setting.port(of: service).variable] = "\(try ports[service.rawValue] ?? FreePort.next())"
        }
        return environment
    }

    @Test("Services that run are ready and alive: all of them, one by its name, one by its address", .timeLimit(.minutes(2)))
    func healthy() async throws {
        try await RunningPlatform.withFolder { folder in
            try await RunningPlatform.run(in: folder) { platform in
                let environment = try settings(platform.ports)
                let all = try await health([], environment)
                #expect(all.status == 0, "\(all.errors)")
                #expect(
                    Set(all.output.split(separator: "\n")) == [
                        "auth is ready", "gateway is ready", "llm-proxy is ready", "runtime is ready",
                    ])
                // As in a container: it listens on every address.
                let one = try await health(["--live", "gateway"], environment.merging(["CODELAB_HOST": "0.0.0.0"]) { $1 })
                #expect(one.status == 0)
                #expect(one.output == "gateway is alive\n")
                let address = platform.url(of: .runtime)
                let addressed = try await health([address + "/"])
                #expect(addressed.status == 0)
                #expect(addressed.output == "\(address) is ready\n")
            }
        }
    }

    @Test("A service that lacks something is alive and not ready, which is told with what it lacks", .timeLimit(.minutes(2)))
    func notReady() async throws {
        try await RunningPlatform.withFolder { folder in
            let replica = try Replica(.llmProxy, in: folder)
            try await replica.start([
                "CODELAB_AUTH_INTERNAL_SECRET": "a secret for all of them", "CODELAB_AUTH_URL": "http://127.0.0.1:\(try FreePort.next())",
            ])
            let environment = try settings(["llm-proxy": replica.port])
            // The others do not listen here, and are not asked for.
            let ready = try await health([], environment)
            #expect(ready.status == 1)
            #expect(
                ready.errors
                    == "llm-proxy is not ready: signing-keys (The auth service's keys are not known: no token can be checked.)\n")
            let live = try await health(["--live"], environment)
            #expect(live.status == 0)
            #expect(live.output == "llm-proxy is alive\n")
            try await replica.terminate()
        }
    }

    @Test("Nobody there, nobody who answers, somebody else: not healthy, in the time given", .timeLimit(.minutes(1)))
    func unhealthy() async throws {
        let environment = try settings([:])
        let nobody = try await health([], environment)
        #expect(nobody.status == 1)
        #expect(nobody.errors.contains("no service listens here: http://127.0.0.1:"))
        let absent = try await health(["gateway"], environment)
        #expect(absent.status == 1)
        #expect(absent.errors == "gateway cannot be reached at http://127.0.0.1:\(environment["CODELAB_GATEWAY_PORT"] ?? "")\n")

        let (descriptor, port) = try FreePort.listen()
        defer { close(descriptor) }
        let silent = try await health(["http://127.0.0.1:\(port)", "--timeout", "1"])
        #expect(silent.status == 1)
        #expect(silent.errors == "http://127.0.0.1:\(port) is not healthy: no answer within 1 s\n")
    }

    @Test("What cannot be asked for is told, and is not healthy either")
    func usage() async throws {
        let cases = [
            (["everything"], [:], "there is no service 'everything'; there are auth, gateway"),
            (["gateway"], ["CODELAB_GATEWAY_PORT": "0"], "CODELAB_GATEWAY_PORT is 0"),
            ([], ["CODELAB_AUTH_PORT": "many"], "CODELAB_AUTH_PORT must be a port"),
        ]
        for (arguments, environment, reason) in cases {
            let result = try await health(arguments, environment)
            #expect(result.status == 1)
            #expect(result.errors.contains(reason), "\(result.errors)")
        }
        #expect(try await health(["--timeout", "0"]).status == 64)
        let help = try await health(["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("Examples:") && help.output.contains("codelab health --live"))
    }
}
