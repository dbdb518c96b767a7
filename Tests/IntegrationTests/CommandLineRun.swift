import Foundation
import Testing

@testable import codelab

/// One run of the built `codelab`, in an environment of its own.
final class CommandLineRun: Sendable {
    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    private let process = Process()
    private let folder: URL
    private let ended: AsyncStream<Void>

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - environment: all there is but `PATH` and a `HOME` in a temporary folder.
    ///   - terminal: its standard input and standard error; without one they are files.
    init(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", terminal: PseudoTerminal? = nil
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "codelab-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (ended, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingOldest(1))
        self.ended = ended
        process.executableURL = URL(fileURLWithPath: try RunningPlatform.executable)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { _, given in given }
        // Files, not pipes: nothing has to be read for the program to go on.
        for name in ["input", "output", "errors"] {
            try Data(name == "input" ? Array(input.utf8) : []).write(to: folder.appending(path: name))
        }
        process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "input"))
        process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "output"))
        process.standardError = try FileHandle(forWritingTo: folder.appending(path: "errors"))
        if let terminal {
            process.standardInput = terminal.device
            process.standardError = terminal.device
        }
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func terminate() { process.terminate() }

    func interrupt() { process.interrupt() }

    func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

    var errors: String { (try? String(contentsOf: folder.appending(path: "errors"), encoding: .utf8)) ?? "" }

    /// What it printed to standard error between `start` and the next `end`, as soon as it is there.
    func errors(through end: String, after start: String) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let errors = errors
            if let rest = errors.range(of: start).map({ errors[$0.upperBound...] }), let found = rest.range(of: end) {
                return String(rest[..<found.lowerBound])
            }
            guard process.isRunning else { break }
            await Task.yield()
        }
        throw NotReady(errors: errors)
    }

    /// What it printed, once it has ended.
    func finish() async -> Result {
        for await _ in ended {}
        process.waitUntilExit()
        let output = (try? String(contentsOf: folder.appending(path: "output"), encoding: .utf8)) ?? ""
        return Result(status: process.terminationStatus, output: output, errors: errors)
    }

    /// The ports that `serve` wrote, as soon as it is ready.
    func ports(in file: String) async throws -> [String: Int] {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            if let data = FileManager.default.contents(atPath: file) { return try JSONDecoder().decode([String: Int].self, from: data) }
            guard process.isRunning else { break }
            // The processor is for the program that is waited for.
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NotReady(errors: errors)
    }

    struct NotReady: Error {
        var errors: String
    }
}
