import APISupport
import Foundation
import Testing

@testable import Workspace

@Suite("Running commands", .timeLimit(.minutes(1)))
struct CommandTests {
    let scratch: ScratchFolder
    let workspace: Workspace

    init() throws {
        scratch = try ScratchFolder()
        workspace = try scratch.workspace()
    }

    @Test func outputAndExitCode() async throws {
        let result = try await workspace.run(.executeCommand, ["command": "echo out; echo err >&2; exit 3"])
        #expect(result.string("stdout") == "out\n")
        #expect(result.string("stderr") == "err\n")
        #expect(result.integer("exit_code") == 3)
        #expect(result.flag("timed_out") == false)
    }

    @Test func startsInItsFolder() async throws {
        try scratch.write("", to: "sub/here")
        #expect(try await workspace.run(.executeCommand, ["command": "ls", "cwd": "sub"]).string("stdout") == "here\n")
        let root = try await workspace.run(.executeCommand, ["command": "pwd -P"]).string("stdout")
        #expect(root == workspace.path + "\n")
        #expect(await failure(workspace, .executeCommand, ["command": "ls", "cwd": "none"])?.code == .notFound)
        #expect(await failure(workspace, .executeCommand, ["command": "ls", "cwd": "sub/here"])?.code == .notADirectory)
    }

    @Test("Secrets of the environment are not passed on")
    func environment() async throws {
        let workspace = try scratch.workspace(environment: [
            "PATH": "/usr/bin:/bin", "LC_ALL": "C", "CODELAB_TOKEN": "t", "AWS_SECRET_ACCESS_KEY": "s", "CODELAB_LLM_API_KEY": "k",
            "SSH_AUTH_SOCK": "/x", "LD_PRELOAD": "/x",
        ])
        let output = try await workspace.run(.executeCommand, ["command": "env"]).string("stdout") ?? ""
        let names = Set(output.split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) })
        #expect(names.isSuperset(of: ["PATH", "LC_ALL"]))
        #expect(names.isDisjoint(with: ["CODELAB_TOKEN", "AWS_SECRET_ACCESS_KEY", "CODELAB_LLM_API_KEY", "SSH_AUTH_SOCK", "LD_PRELOAD"]))
    }

    @Test("Standard input is empty, and there is no terminal")
    func input() async throws {
        let result = try await workspace.run(.executeCommand, ["command": "wc -c; (true </dev/tty) 2>/dev/null || echo none"])
        #expect(result.string("stdout")?.trimmingCharacters(in: .whitespacesAndNewlines) == "0\nnone")
    }

    @Test("Output is bounded: the beginning and the end stay")
    func bounded() async throws {
        let result = try await workspace.run(
            .executeCommand, ["command": "echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last"])
        let text = try #require(result.string("stdout"))
        #expect(text.utf8.count < 100_000)
        #expect(text.hasPrefix("first\n"))
        #expect(text.hasSuffix("last\n"))
        #expect(text.contains("bytes left out"))
        #expect(result.flag("truncated") == true)
    }

    @Test("At its time the whole group is stopped, also what ignores SIGTERM")
    func timeout() async throws {
        let started = ContinuousClock.now
        let command = "trap '' TERM; echo $$; (trap '' TERM; while :; do sleep 100; done) & while :; do sleep 100; done"
        let result = try await workspace.run(.executeCommand, ["command": .string(command), "timeout": .integer(1)])
        #expect(ContinuousClock.now - started < .seconds(20))
        #expect(result.flag("timed_out") == true)
        #expect(result["exit_code"] == .null)
        let group = try #require(pid_t((result.string("stdout") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(isGone(group: group))
    }

    @Test("Cancelling stops the command")
    func cancellation() async throws {
        let task = Task { [workspace] in try await workspace.run(.executeCommand, ["command": "echo $$ > started; sleep 1000"]) }
        while (try? scratch.text("started"))?.isEmpty ?? true { await Task.yield() }
        let group = try #require(pid_t(try scratch.text("started").trimmingCharacters(in: .whitespacesAndNewlines)))
        task.cancel()
        await #expect(throws: ToolFailure.self) { try await task.value }
        #expect(isGone(group: group))
    }

    @Test("What a command leaves in the background does not hold it up, and ends with it")
    func background() async throws {
        let started = ContinuousClock.now
        let result = try await workspace.run(.executeCommand, ["command": "sleep 1000 & echo $$"])
        #expect(ContinuousClock.now - started < .seconds(20))
        #expect(result.integer("exit_code") == 0)
        let group = try #require(pid_t((result.string("stdout") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(isGone(group: group))
    }

    @Test func argumentsAreChecked() async throws {
        #expect(await failure(workspace, .executeCommand, ["command": ""])?.code == .invalidArguments)
        #expect(await failure(workspace, .executeCommand, ["command": "a\0b"])?.code == .invalidArguments)
        #expect(await failure(workspace, .executeCommand, ["command": "true", "timeout": .integer(301)])?.code == .invalidArguments)
        #expect(await failure(workspace, .executeCommand, ["command": "true", "timeout": .integer(0)])?.code == .invalidArguments)
        #expect(await failure(workspace, .executeCommand, ["command": "true", "shell": "fish"])?.code == .invalidArguments)
        #expect(await failure(workspace, .executeCommand, ["command": "true", "shell": .boolean(false)])?.code == .invalidArguments)
        #expect(
            try await workspace.run(.executeCommand, ["command": "echo ${BASH_VERSION:+bash}", "shell": "bash"]).string("stdout")
                == "bash\n")
    }

    /// Whether no living process of the group is left. One that was just killed may be a zombie for a moment, so it is asked again.
    private func isGone(group: pid_t) -> Bool {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if kill(-group, 0) != 0 || isZombie(group) { return true }
        }
        return false
    }

    private func isZombie(_ process: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return status.split(separator: ")").last?.hasPrefix(" Z") ?? false
    }
}
