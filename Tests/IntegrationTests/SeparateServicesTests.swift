import Foundation
import Testing

@testable import codelab

@Suite("The services as four processes", .serialized)
struct SeparateServicesTests {
    private static let (old, new) = ("the secret so far, of all of them", "the new secret, for all of them")

    @Test(
        "They find each other by their URLs, know each other by the shared secret, also while it is replaced, and serve a turn",
        .timeLimit(.minutes(3)),
        arguments: [
            (auth: [old], others: [old], knowEachOther: true), ([old], [new, old], true), ([new, old], [old], true),
            ([new, old], [new], true),
            ([new], [new, old], true), ([new], [old], false),
        ])
    func turn(auth: [String], others: [String], knowEachOther: Bool) async throws {
        try await RunningPlatform.withFolder { folder in
            let services: [ServiceName] = [.auth, .llmProxy, .runtime, .gateway]
            let replicas = Dictionary(uniqueKeysWithValues: try services.map { ($0, try Replica($0, in: folder)) })
            func url(_ service: ServiceName) -> String { replicas[service]?.url ?? "" }
            for service in services {
                try await replicas[service]?.start([
                    "CODELAB_AUTH_INTERNAL_SECRET": (service == .auth ? auth : others).joined(separator: "\n"),
                    "CODELAB_ADMIN_PASSWORD": RunningPlatform.administratorPassword, "CODELAB_AUTH_SCRYPT_LOG_N": "4",
                    "CODELAB_AUTH_URL": url(.auth), "CODELAB_RUNTIME_URL": url(.runtime), "CODELAB_LLM_PROXY_URL": url(.llmProxy),
                ])
            }
            let result = try await CommandLineRun(
                [
                    "chat", "--gateway", url(.gateway), "--auth", url(.auth), "--workspace", folder.path, "--password-from-env",
                    "Hello, all of you",
                ],
                environment: ["CODELAB_USERNAME": "admin", "CODELAB_PASSWORD": RunningPlatform.administratorPassword]
            ).finish()
            #expect((result.status == 0) == knowEachOther, "\(result.errors)")
            #expect(result.output.contains("[scripted]") == knowEachOther)
            #expect(result.output.contains("Hello, all of you") == knowEachOther)
            for service in services.reversed() { try await replicas[service]?.terminate() }
            for log in replicas.values.flatMap(\.logs) { #expect(!log.contains(Self.old) && !log.contains(Self.new)) }
        }
    }

    @Test("Services that run apart are not started without the shared secret, nor with three")
    func secret() async throws {
        for secret in ["", "a secret of one line\na secret of the other\na third one, too many"] {
            let process = try CommandLineRun(["serve", "gateway", "--port", "0"], environment: ["CODELAB_AUTH_INTERNAL_SECRET": secret])
            let result = await process.finish()
            #expect(result.status == 64)
            #expect(result.errors.contains("CODELAB_AUTH_INTERNAL_SECRET"))
            #expect(!result.errors.contains("a third one"))
        }
    }
}
