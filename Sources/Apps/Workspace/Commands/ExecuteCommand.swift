import APISupport
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// `execute_command`: runs a command in a folder of the workspace, in a session of its own, for at most its time.
///
/// The folder is where it starts and no cage: what the command itself does is for the person who approves it to judge.
enum ExecuteCommand {
    static let accepted = ["command", "cwd", "timeout", "shell"]
    static let defaultTimeout = 60
    static let maximumTimeout = 300
    static let maximumCommand = 32 << 10
    /// Between SIGTERM and SIGKILL.
    static let graceOnTermination: Duration = .seconds(2)

    static func run(_ object: JSONObject, in root: Directory, environment: CommandEnvironment) async throws(ToolFailure) -> JSONObject {
        let arguments = try ToolArguments(object, tool: "execute_command", accepted: accepted)
        let command = try arguments.requiredString("command")
        guard !command.isEmpty, command.utf8.count <= maximumCommand, !command.utf8.contains(0) else {
            throw ToolFailure(.invalidArguments, "'command' of execute_command has 1 to \(maximumCommand) bytes and no NUL")
        }
        let seconds = try arguments.integer("timeout", in: 1...maximumTimeout) ?? defaultTimeout
        let words = try arguments.flag("shell", default: false) ? ["sh", "-c", command] : CommandWords(command).words
        let folder: Directory
        switch try PathResolution.resolve(WorkspacePath(arguments.string("cwd") ?? "."), in: root) {
        case .directory(let directory, _): folder = directory
        case .file(_, _, let path): throw ToolFailure(.notADirectory, "'cwd' is not a folder: '\(shortened(path))'")
        case .missing(_, _, let path): throw ToolFailure(.notFound, "'cwd' does not exist: '\(shortened(path))'")
        }

        let started = ContinuousClock.now
        let run = CommandRun(words: words, folder: folder, environment: environment)
        let ending = try await run.run(timeout: .seconds(seconds))
        let (output, error) = run.output
        var result: JSONObject = [
            "command": .string(command),
            "exit_code": .null,
            "stdout": .string(output.text),
            "stderr": .string(error.text),
            "timed_out": .boolean(ending == .timedOut),
            "truncated": .boolean(output.isCut || error.isCut),
            "duration_ms": .integer((ContinuousClock.now - started).milliseconds),
        ]
        switch ending {
        case .exited(let code): result["exit_code"] = .integer(Int64(code))
        case .signaled(let signal): result["signal"] = .integer(Int64(signal))
        case .timedOut: result["error"] = .string("stopped after \(seconds) seconds, the time it was given")
        }
        return result
    }
}

/// How a command ended.
private enum CommandEnding: Sendable, Equatable {
    case exited(CInt)
    case signaled(CInt)
    case timedOut
}

/// One command under way.
private final class CommandRun: Sendable {
    /// The program and its arguments.
    private let words: [String]
    private let folder: Directory
    private let environment: CommandEnvironment
    private let standardOutput = Mutex(BoundedOutput())
    private let standardError = Mutex(BoundedOutput())

    init(words: [String], folder: Directory, environment: CommandEnvironment) {
        self.words = words
        self.folder = folder
        self.environment = environment
    }

    var output: (BoundedOutput, BoundedOutput) {
        (standardOutput.withLock { $0 }, standardError.withLock { $0 })
    }

    func run(timeout: Duration) async throws(ToolFailure) -> CommandEnding {
        let first: Result<CommandEnding, any Error>? = await withTaskGroup(of: Result<CommandEnding, any Error>?.self) { group in
            group.addTask {
                do { return .success(try await self.execute()) } catch { return .failure(error) }
            }
            group.addTask {
                // Cancelled as soon as the command has ended: then there is nothing to report.
                do { try await Task.sleep(for: timeout) } catch { return nil }
                return .success(.timedOut)
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            // The command's own end, after its group was told to stop.
            await group.waitForAll()
            return first
        }
        if Task.isCancelled { throw ToolFailure(.cancelled, "cancelled; the command was stopped") }
        switch first {
        case .success(let ending): return ending
        case .failure(let error as SubprocessError) where error.code == .executableNotFound:
            throw ToolFailure(.notFound, "there is no program '\(words[0].prefix(120))'")
        case .failure(let error): throw ToolFailure(.systemError, "the command could not be run: \(error)")
        case nil: throw ToolFailure(.cancelled, "cancelled; the command was stopped")
        }
    }

    private func execute() async throws -> CommandEnding {
        var options = PlatformOptions()
        // A session of its own: no terminal to read passwords from, and one group to stop with everything it started.
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: ExecuteCommand.graceOnTermination)
        ]
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment.variables { variables[Environment.Key(stringLiteral: name)] = value }
        // A program is found by its name in PATH, or by a path from the folder the command starts in.
        let executable: Executable = words[0].contains("/") ? .path(FilePath(words[0])) : .name(words[0])
        let result = try await Subprocess.run(
            executable,
            arguments: Arguments(Array(words.dropFirst())),
            environment: .custom(variables),
            // The open folder itself, by its descriptor here: a path could be led elsewhere since it was checked.
            workingDirectory: FilePath("/proc/\(getpid())/fd/\(folder.descriptor)"),
            platformOptions: options,
            input: .none,
            output: .sequence,
            error: .sequence
        ) { execution in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (output, error) = (execution.standardOutput, execution.standardError)
                group.addTask {
                    for try await buffer in output {
                        buffer.withUnsafeBytes { bytes in self.standardOutput.withLock { $0.append(bytes) } }
                    }
                }
                group.addTask {
                    for try await buffer in error {
                        buffer.withUnsafeBytes { bytes in self.standardError.withLock { $0.append(bytes) } }
                    }
                }
                try await group.waitForAll()
            }
        }
        // What the command left running in the background ends with it. While a process of the group is alive its number is not given
        // to another one; when none is, there is nothing to stop.
        kill(-result.processIdentifier.value, SIGKILL)
        switch result.terminationStatus {
        case .exited(let code): return .exited(code)
        case .signaled(let signal): return .signaled(signal)
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
