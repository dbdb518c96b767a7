import Foundation
import Testing

@testable import codelab

@Suite("codelab chat", .serialized, .runningPlatform)
struct ChatCommandTests {
    let platform: RunningPlatform
    let folder: URL

    init() throws {
        platform = try #require(RunningPlatform.current)
        folder = try platform.makeProject()
    }

    private func chat(_ arguments: [String], environment: [String: String] = [:], input: String = "") async throws -> CommandLineRun.Result
    {
        let flags = ["--gateway", platform.url(of: .gateway), "--auth", platform.url(of: .auth), "--workspace", folder.path]
        return await (try CommandLineRun(["chat"] + flags + arguments, environment: environment, input: input)).finish()
    }

    private var administrator: [String: String] {
        ["CODELAB_USERNAME": "admin", "CODELAB_PASSWORD": RunningPlatform.administratorPassword]
    }

    @Test("With --yes the file is written, and standard output holds the answer alone", .timeLimit(.minutes(2)))
    func approved() async throws {
        let result = try await chat(["--password-from-env", "--yes", "Please summarize this project."], environment: administrator)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("wrote SUMMARY.md"))
        #expect(!result.output.contains("write_file"))
        #expect(result.errors.contains("→ write_file: SUMMARY.md"))
        #expect(!(result.output + result.errors).contains("\u{1B}"))
        #expect(FileManager.default.fileExists(atPath: folder.appending(path: "SUMMARY.md").path))
    }

    @Test("Without --yes and without a terminal what writes is refused, and the agent is told", .timeLimit(.minutes(2)))
    func refused() async throws {
        let result = try await chat(["--password-from-env", "Please summarize this project."], environment: administrator)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("nobody can be asked"))
        #expect(result.output.contains("SUMMARY.md was not written"))
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "SUMMARY.md").path))
    }

    @Test("Token and password can come from files", .timeLimit(.minutes(2)))
    func secretsInFiles() async throws {
        let user = try await platform.newUser("filer")
        let token = try #require(try await user.tokens.credential(scheme: "bearerAuth"))
        let (tokenFile, passwordFile) = (folder.path + "/token", folder.path + "/password")
        try PrivateFile.write(token + "\n", to: tokenFile)
        try PrivateFile.write(user.password + "\n", to: passwordFile)
        #expect(try await chat(["hello"], environment: ["CODELAB_TOKEN_FILE": tokenFile]).status == 0)
        let account = ["CODELAB_USERNAME": "filer", "CODELAB_PASSWORD_FILE": passwordFile]
        let signedIn = try await chat(["--password-from-env", "hello"], environment: account)
        #expect(signedIn.status == 0, "\(signedIn.errors)")
        let unreadable = try await chat(
            ["--password-from-env", "hello"], environment: account.merging(["CODELAB_PASSWORD_FILE": "/none"]) { $1 })
        #expect(unreadable.status == 2 && unreadable.errors.contains("CODELAB_PASSWORD_FILE"))
    }

    @Test("A message can come from standard input, a token from the environment, and a session be continued", .timeLimit(.minutes(2)))
    func scripted() async throws {
        let user = try await platform.newUser("machine")
        let token = try #require(try await user.tokens.credential(scheme: "bearerAuth"))
        let first = try await chat(["-"], environment: ["CODELAB_TOKEN": token], input: "line one\nline two\n")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.contains("line two"))
        let session = try #require(first.errors.split(separator: "--session ").last?.split(whereSeparator: \.isWhitespace).first)
        let second = try await chat(["--session", String(session), "again"], environment: ["CODELAB_TOKEN": token])
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains(session))
    }

    @Test("Exit status: 2 wrong usage, 3 not signed in, 1 no server", .timeLimit(.minutes(2)))
    func exitStatus() async throws {
        let wrong = ["CODELAB_USERNAME": "admin", "CODELAB_PASSWORD": "wrong"]
        #expect(try await chat(["--password-from-env", "hello"], environment: wrong).status == 3)
        #expect(try await chat(["hello"], environment: ["CODELAB_TOKEN": "nonsense"]).status == 3)
        #expect(try await chat(["--password-from-env", "hello"]).status == 2)
        let none = try CommandLineRun(
            ["chat", "--gateway", "http://127.0.0.1:1", "--workspace", folder.path, "hello"], environment: ["CODELAB_TOKEN": "x"])
        let unreachable = await none.finish()
        #expect(unreachable.status == 1)
        #expect(unreachable.errors.contains("127.0.0.1:1 cannot be reached"))
        let noFolder = try CommandLineRun(["chat", "--workspace", folder.path + "/none", "hello"], environment: ["CODELAB_TOKEN": "x"])
        #expect(await noFolder.finish().status == 2)
    }
}
