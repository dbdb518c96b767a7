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
        let result = try await workspace.run(.executeCommand, ["command": "echo out; echo err >&2; exit 3", "shell": .boolean(true)])
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
        let result = try await workspace.run(
            .executeCommand, ["command": "wc -c; (true </dev/tty) 2>/dev/null || echo none", "shell": .boolean(true)])
        #expect(result.string("stdout")?.trimmingCharacters(in: .whitespacesAndNewlines) == "0\nnone")
    }

    @Test("Output is bounded: the beginning and the end stay")
    func bounded() async throws {
        let result = try await workspace.run(
            .executeCommand, ["command": "echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last", "shell": .boolean(true)])
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
        let result = try await workspace.run(
            .executeCommand, ["command": .string(command), "timeout": .integer(1), "shell": .boolean(true)])
        #expect(ContinuousClock.now - started < .seconds(20))
        #expect(result.flag("timed_out") == true)
        #expect(result["exit_code"] == .null)
        let group = try #require(pid_t((result.string("stdout") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(try isGone(group: group))
    }

    @Test("Cancelling stops the command")
    func cancellation() async throws {
        let task = Task { [workspace] in
            try await workspace.run(.executeCommand, ["command": "echo $$ > started; sleep 1000", "shell": .boolean(true)])
        }
        while (try? scratch.text("started"))?.isEmpty ?? true { await Task.yield() }
        let group = try #require(pid_t(try scratch.text("started").trimmingCharacters(in: .whitespacesAndNewlines)))
        task.cancel()
        await #expect(throws: ToolFailure.self) { try await task.value }
        #expect(try isGone(group: group))
    }

    @Test("What a command leaves in the background does not hold it up, and ends with it")
    func background() async throws {
        let started = ContinuousClock.now
        let result = try await workspace.run(.executeCommand, ["command": "sleep 1000 & echo $$", "shell": .boolean(true)])
        #expect(ContinuousClock.now - started < .seconds(20))
        #expect(result.integer("exit_code") == 0)
        let group = try #require(pid_t((result.string("stdout") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(try isGone(group: group))
    }

    @Test func argumentsAreChecked() async throws {
        #expect(await failure(workspace, .executeCommand, ["command": ""])?.code == .invalidArguments)
        #expect(await failure(workspace, .executeCommand, ["command": "a\0b"])?.code == .invalidArguments)
        #expect(await failure(workspace, .executeCommand, ["command": "true", "timeout": .integer(301)])?.code == .invalidArguments)
        #expect(await failure(workspace, .executeCommand, ["command": "true", "timeout": .integer(0)])?.code == .invalidArguments)
        #expect(await failure(workspace, .executeCommand, ["command": "true", "shell": "fish"])?.code == .invalidArguments)
        #expect(await failure(workspace, .executeCommand, ["command": "no-such-program-here"])?.code == .notFound)
    }

    @Test("Without a shell the words are the program's arguments, and what needs a shell is refused")
    func words() async throws {
        let result = try await workspace.run(.executeCommand, ["command": #"printf %s- a 'b c' "d \"e\"" f\ g ''"#])
        #expect(result.string("stdout") == #"a-b c-d "e"-f g--"#)
        for command in ["echo a | cat", "echo $HOME", "rm *", "a && b", "echo 'open", "''", "echo \\"] {
            #expect(await failure(workspace, .executeCommand, ["command": .string(command)])?.code == .invalidArguments)
        }
        #expect(try await workspace.run(.executeCommand, ["command": "echo '$HOME | *'"]).string("stdout") == "$HOME | *\n")
    }

    @Test("A program in the workspace is found by its path")
    func program() async throws {
        try scratch.write("#!/bin/sh\necho ran", to: "run.sh")
        let file = scratch.inside.appending(path: "run.sh").path
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        #expect(try await workspace.run(.executeCommand, ["command": "./run.sh"]).string("stdout") == "ran\n")
    }

    /// Whether no process of the group is alive. What was killed may be a zombie until the system's first process has waited for it.
    private func isGone(group: pid_t) throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(10)
        repeat {
            if try livingProcesses(of: group).isEmpty { return true }
        } while ContinuousClock.now < deadline
        return false
    }

    /// From /proc/PID/stat (proc_pid_stat(5)): the state and the process group, behind the name in parentheses.
    private func livingProcesses(of group: pid_t) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
            guard name.first?.isNumber == true, let status = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8) else {
                return false
            }
            let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 2 && fields[0] != "Z" && fields[2] == "\(group)"
        }
    }
}
