import APIAsyncHTTPClient
import APISupport
import AsyncHTTPClient
import Foundation
import HTTPTypes
import Testing

@testable import codelab

/// The built `codelab`, run as its users run it: `serve all` on free ports with a data folder of its own, stopped with SIGTERM.
final class RunningPlatform: Sendable {
    static let administratorPassword = "an administrator's password"

    let folder: URL
    let ports: [String: Int]
    let client: HTTPClient

    /// The platform of the suite that a test belongs to.
    @TaskLocal static var current: RunningPlatform?

    init(folder: URL, ports: [String: Int], client: HTTPClient) {
        self.folder = folder
        self.ports = ports
        self.client = client
    }

    /// `codelab` beside the test bundle that runs.
    static var executable: String {
        get throws {
            let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: bundle).deletingLastPathComponent().appending(path: "codelab").path
        }
    }

    /// The root of this package.
    static var checkout: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    func url(of service: ServiceName) -> String { "http://127.0.0.1:\(ports[service.rawValue] ?? 0)" }

    var transport: AsyncHTTPClientTransport { AsyncHTTPClientTransport(client: client) }

    /// Signs in as a person would: authorization code and PKCE through the page, the redirect and the token endpoint.
    func signIn(as username: String, password: String, scope: String = "api:read api:write") async throws -> AccessTokens {
        let signIn = SignIn(
            authURL: url(of: .auth), transport: transport, terminal: Terminal(environment: [:]), scope: scope,
            unattended: Unattended(username: username, password: password), keepsTokens: false
        )
        return try await signIn.tokens(token: nil)
    }

    /// The access token of a new account.
    func newUser(_ name: String) async throws -> (password: String, tokens: AccessTokens) {
        let password = "password of \(name), long enough"
        let result = try await CommandLineRun(
            ["admin", "create-user", name, "--auth", url(of: .auth), "--password-from-env"],
            environment: ["CODELAB_USERNAME": "admin", "CODELAB_PASSWORD": Self.administratorPassword], input: password + "\n"
        ).finish()
        try #require(result.status == 0, "\(result.output)\(result.errors)")
        return (password, try await signIn(as: name, password: password))
    }

    /// A new folder with a small project, for an agent's tools to work in.
    func makeProject() throws -> URL {
        let project = folder.appending(path: "workspace-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: project, withIntermediateDirectories: true)
        try Data("# A project\n\nIt does things.\n".utf8).write(to: project.appending(path: "README.md"))
        try Data("let package = Package(products: [.executable(name: \"thing\")])\n".utf8).write(
            to: project.appending(path: "Package.swift"))
        return project
    }

    /// A request as it stands, whatever it is.
    func send(
        _ service: ServiceName, _ method: HTTPRequest.Method, _ path: String, headers: [String: String] = [:], body: String? = nil
    ) async throws -> Answer {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        let authority = "127.0.0.1:\(ports[service.rawValue] ?? 0)"
        let head = HTTPRequest(method: method, scheme: "http", authority: authority, path: path, headerFields: fields)
        let response = try await transport.send(ClientRequest(head: head, body: Array((body ?? "").utf8), operationID: "test"))
        let bytes = try #require(try await response.body.collect(upTo: 1 << 20))
        return Answer(
            status: response.head.status.code, contentType: response.head.headerFields[.contentType] ?? "",
            location: response.head.headerFields[.location], body: String(decoding: bytes, as: UTF8.self))
    }

    struct Answer {
        var status: Int
        var contentType: String
        var location: String?
        var body: String
    }

    /// Opens an `http` address as a browser does.
    ///
    /// - Returns: the status of the answer.
    func open(_ address: String) async throws -> Int {
        let parts = address.dropFirst("http://".count).split(separator: "/", maxSplits: 1)
        let head = HTTPRequest(method: .get, scheme: "http", authority: String(parts[0]), path: "/" + parts[1])
        let response = try await transport.send(ClientRequest(head: head, operationID: "test"))
        _ = try await response.body.collect(upTo: 1 << 16)
        return response.head.status.code
    }
}

extension RunningPlatform {
    /// Runs a platform for as long as `body` runs; it must stop in good order.
    ///
    /// - Parameters:
    ///   - folder: An existing folder, where its data go into `data`.
    ///   - environment: Further settings.
    /// - Returns: Its log.
    @discardableResult
    static func run(
        in folder: URL, environment: [String: String] = [:], _ body: (RunningPlatform) async throws -> Void
    ) async throws -> String {
        let portsFile = folder.appending(path: "ports-\(UUID().uuidString).json").path
        let server = try CommandLineRun(
            [
                "serve", "all", "--port", "0", "--ports-file", portsFile, "--data-dir", folder.appending(path: "data").path, "--llm",
                "scripted", "--scenario", checkout.appending(path: "deploy/scenarios/demo.yaml").path,
            ],
            // Password hashes as cheap as they may be: a debug build takes seconds for a real one.
            environment: ["CODELAB_ADMIN_PASSWORD": administratorPassword, "CODELAB_AUTH_SCRYPT_LOG_N": "4"].merging(environment) { $1 }
        )
        do {
            let ports = try await server.ports(in: portsFile)
            try await withClient { try await body(RunningPlatform(folder: folder, ports: ports, client: $0)) }
        } catch {
            server.kill()
            throw error
        }
        server.terminate()
        let result = await server.finish()
        #expect(result.status == 0, "the platform did not stop in good order: \(result.errors)")
        return result.errors
    }

    /// A client for the platform's services.
    static func withClient(_ body: (HTTPClient) async throws -> Void) async throws {
        try await HTTPClient.withHTTPClient(
            configuration: AsyncHTTPClientTransport.configuration(connectTimeout: .seconds(30))
        ) { try await body($0) }
    }

    /// A folder for one test, removed afterwards.
    static func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "codelab-integration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }
}

/// Starts a platform before a suite's tests and stops it after them; it must stop in good order.
struct PlatformTrait: SuiteTrait, TestScoping {
    let isRecursive = false

    func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        try await RunningPlatform.withFolder { folder in
            try await RunningPlatform.run(in: folder) { platform in
                try await RunningPlatform.$current.withValue(platform) { try await function() }
            }
        }
    }
}

extension SuiteTrait where Self == PlatformTrait {
    /// The suite's tests use one running platform: ``RunningPlatform/current``.
    static var runningPlatform: PlatformTrait { PlatformTrait() }
}
