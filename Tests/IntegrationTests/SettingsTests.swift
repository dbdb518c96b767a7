import Foundation
import Logging
import Testing

@testable import codelab

@Suite("Settings")
struct SettingsTests {
    private func settings(
        _ services: [ServiceName] = ServiceName.platform, flags: ServeSettings.Flags = .init(),
        environment: [String: String] = ["HOME": "/home/x"],
        yaml: String = ""
    ) throws -> ServeSettings {
        try ServeSettings(
            services: services, flags: flags,
            sources: ConfigurationSources(environment: environment, file: try ConfigurationFile(text: yaml, path: "c.yaml")))
    }

    @Test func defaults() throws {
        let settings = try settings()
        #expect(settings.host == "127.0.0.1")
        #expect(settings.ports == [.auth: 8003, .gateway: 8000, .runtime: 8001, .llmProxy: 8002])
        #expect(settings.dataDirectory == "/home/x/.local/share/codelab")
        #expect(settings.languageModel == .scripted(scenario: nil))
        #expect(settings.logFormat == .text)
        #expect(settings.internalSecrets == nil)
    }

    @Test("A flag comes before the environment, that before the file, that before the default")
    func precedence() throws {
        let yaml = "host: 10.0.0.1\nports: {gateway: 1, runtime: 2, auth: 3}\nlog: {level: debug, format: json}\n"
        let environment = ["HOME": "/h", "CODELAB_HOST": "10.0.0.2", "CODELAB_GATEWAY_PORT": "4", "CODELAB_LOG_LEVEL": ""]
        let settings = try settings(flags: .init(ports: ["gateway=5"]), environment: environment, yaml: yaml)
        #expect(settings.host == "10.0.0.2")
        #expect(settings.ports == [.gateway: 5, .runtime: 2, .auth: 3, .llmProxy: 8002])
        #expect(settings.logLevel == .debug)
        #expect(settings.logFormat == .json)
        #expect(try self.settings(flags: .init(host: "::1"), environment: environment, yaml: yaml).host == "::1")
    }

    @Test func languageModel() throws {
        let environment = ["HOME": "/h", "CODELAB_LLM_BASE_URL": "https://x/v1/", "CODELAB_LLM_MODELS": "a, b", "CODELAB_LLM_API_KEY": "k"]
        let model = try settings(environment: environment).languageModel
        #expect(model == .openAI(baseURL: "https://x/v1", key: "k", models: ["a", "b"]))
        #expect(model.model == "a")
        #expect(try settings(flags: .init(llm: "scripted"), environment: environment).languageModel == .scripted(scenario: nil))
    }

    @Test("A secret comes from a variable or from the file that a variable names, never from the YAML file")
    func secrets() throws {
        let file = FileManager.default.temporaryDirectory.path + "/codelab-secret-\(UInt64.random(in: 0 ... .max))"
        try PrivateFile.write("  a secret of the file\n", to: file)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let environment = ["HOME": "/h", "CODELAB_AUTH_INTERNAL_SECRET_FILE": file]
        #expect(try settings([.gateway], environment: environment).internalSecrets == ["  a secret of the file"])
        #expect(throws: ConfigurationError.self) { try settings(yaml: "auth: {internal_secret: x}") }
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
    }

    @Test(
        "What makes no sense is refused with the setting's name",
        arguments: [
            ("", ["CODELAB_GATEWAY_PORT": "99999"], "CODELAB_GATEWAY_PORT"), ("", ["CODELAB_LOG_LEVEL": "loud"], "log level"),
            ("", ["CODELAB_LLM": "openai"], "CODELAB_LLM_BASE_URL"), ("", ["CODELAB_LLM": "magic"], "scripted or openai"),
            ("", ["CODELAB_LLM_BASE_URL": "ftp://x"], "CODELAB_LLM_BASE_URL"), ("", ["CODELAB_AUTH_INTERNAL_SECRET": "short"], "16"),
            ("", ["CODELAB_GATEWAY_ANONYMOUS": "perhaps"], "CODELAB_GATEWAY_ANONYMOUS"), ("", ["CODELAB_AUTH_PORT": "8000"], "same port"),
            ("hots: x", [:], "hots"), ("host: [a]", [:], "host"), ("host: {a: b}", [:], "host.a"), ("{", [:], "c.yaml"),
        ] as [(String, [String: String], String)])
    func refused(yaml: String, environment: [String: String], says: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try settings(environment: ["HOME": "/h"].merging(environment) { $1 }, yaml: yaml)
        }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    @Test func portFlags() throws {
        #expect(try settings(flags: .init(ports: ["0"])).ports.values.allSatisfy { $0 == 0 })
        #expect(throws: ConfigurationError.self) { try settings(flags: .init(ports: ["9000"])) }
        #expect(throws: ConfigurationError.self) { try settings(flags: .init(ports: ["gate=1"])) }
        #expect(throws: ConfigurationError.self) { try settings(flags: .init(ports: ["gateway=x"])) }
    }

    @Test("A reserved port can be listened on by another socket, and is given to nobody else")
    func reservation() throws {
        let reservations = try (0..<50).map { _ in try PortReservation(host: "127.0.0.1") }
        #expect(Set(reservations.map(\.port)).count == 50)
        #expect(try PortReservation(host: "::1").port > 0)
        #expect(throws: ConfigurationError.self) { try PortReservation(host: "no address") }
    }
}
