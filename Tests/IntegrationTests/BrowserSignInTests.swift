import APISupport
import Foundation
import HTTPTypes
import Testing

@testable import codelab

@Suite("Signing in by the browser", .serialized, .runningPlatform)
struct BrowserSignInTests {
    let platform: RunningPlatform
    let folder: URL

    init() throws {
        platform = try #require(RunningPlatform.current)
        folder = try platform.makeProject()
    }

    private func chat(_ message: String, home: URL) throws -> CommandLineRun {
        try CommandLineRun(
            [
                "chat", "--gateway", platform.url(of: .gateway), "--auth", platform.url(of: .auth), "--workspace", folder.path, message,
            ], environment: ["HOME": home.path])
    }

    @Test("The printed address leads to the page, the page back to the client; next time the kept token signs in", .timeLimit(.minutes(2)))
    func signIn() async throws {
        let home = platform.folder.appending(path: "home-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let run = try chat("Hello", home: home)
        try await visit(try await run.errors(through: "\n", after: "Sign in with your browser:\n  "))
        let result = await run.finish()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("Hello"))

        let credentials = home.appending(path: ".config/codelab/credentials.json")
        let kept = try String(contentsOf: credentials, encoding: .utf8)
        #expect(try FileManager.default.attributesOfItem(atPath: credentials.path)[.posixPermissions] as? Int == 0o600)
        let again = await (try chat("Hello again", home: home)).finish()
        #expect(again.status == 0, "\(again.errors)")
        #expect(!again.errors.contains("Sign in"))
        // Each use of a refresh token gives the next one.
        #expect(try String(contentsOf: credentials, encoding: .utf8) != kept)
    }

    /// What a person does: opens the address, fills the form in, is sent back to the client.
    private func visit(_ address: String) async throws {
        let prefix = platform.url(of: .auth)
        try #require(address.hasPrefix(prefix + "/oauth/authorize?"))
        let page = try await platform.send(.auth, .get, String(address.dropFirst(prefix.count)))
        #expect(page.status == 200)
        #expect(page.contentType.hasPrefix("text/html"))
        var form = ["username": "admin", "password": RunningPlatform.administratorPassword]
        for element in page.body.split(separator: "<") where element.hasPrefix("input") && element.contains("type=\"hidden\"") {
            let parts = element.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
            let name = try #require(parts.firstIndex { $0.hasSuffix("name=") }.map { parts[$0 + 1] })
            let value = try #require(parts.firstIndex { $0.hasSuffix("value=") }.map { parts[$0 + 1] })
            form[name] = value.replacing("&amp;", with: "&").replacing("&#39;", with: "'")
        }
        let body = form.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        let answer = try await platform.send(
            .auth, .post, "/oauth/authorize", headers: ["Content-Type": "application/x-www-form-urlencoded"], body: body)
        #expect(answer.status == 303, "\(answer.body)")
        let location = try #require(answer.location)
        #expect(location.hasPrefix("http://127.0.0.1:"))
        // An answer to another request is refused, and the client goes on waiting.
        #expect(try await platform.open(location.replacing("state=", with: "state=x")) == 400)
        #expect(try await platform.open(location) == 200)
    }
}
