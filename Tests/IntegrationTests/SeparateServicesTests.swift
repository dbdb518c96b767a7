import FoundationEssentials
import Testing

@testable import codelab

@Suite("The services as four processes")
struct SeparateServicesTests {
    @Test("They find each other by their URLs, know each other by the shared secret, and serve a turn", .timeLimit(.minutes(3)))
    func turn() async throws {
        var reservations: [ServiceName: PortReservation] = [:]
        for service in ServiceName.platform { reservations[service] = try PortReservation(host: "127.0.0.1") }
        func url(_ service: ServiceName) -> String { "http://127.0.0.1:\(reservations[service]?.port ?? 0)" }
        let folder = FileManager.default.temporaryDirectory.path + "/codelab-apart-\(UInt64.random(in: 0 ... .max))"
        try PrivateFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }

        var processes: [CommandLineRun] = []
        for service in ServiceName.platform {
            let file = "\(folder)/\(service.rawValue).json"
            let process = try CommandLineRun(
                [
                    "serve", service.rawValue, "--port", "\(reservations[service]?.port ?? 0)", "--ports-file", file, "--data-dir", folder,
                    "--auth-url",
                    url(.auth), "--runtime-url", url(.runtime), "--llm-proxy-url", url(.llmProxy),
                ],
                environment: [
                    "CODELAB_AUTH_INTERNAL_SECRET": "a secret for all of them",
                    "CODELAB_ADMIN_PASSWORD": RunningPlatform.administratorPassword,
                ]
            )
            processes.append(process)
            _ = try await process.ports(in: file)
        }
        let chat = try CommandLineRun(
            ["chat", "--gateway", url(.gateway), "--auth", url(.auth), "--workspace", folder, "--password-from-env", "Hello, all of you"],
            environment: ["CODELAB_USERNAME": "admin", "CODELAB_PASSWORD": RunningPlatform.administratorPassword]
        )
        let result = await chat.finish()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("[scripted]"))
        #expect(result.output.contains("Hello, all of you"))
        for process in processes { process.terminate() }
        for process in processes {
            let ended = await process.finish()
            #expect(ended.status == 0, "\(ended.errors)")
        }
    }

    @Test("Services that run apart are not started without the shared secret")
    func secret() async throws {
        let process = try CommandLineRun(["serve", "gateway", "--port", "0"])
        let result = await process.finish()
        #expect(result.status == 64)
        #expect(result.errors.contains("CODELAB_AUTH_INTERNAL_SECRET"))
    }
}
