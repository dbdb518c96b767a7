import Foundation

/// A server of a test's could not be started.
public struct ServerFailure: Error, CustomStringConvertible {
    public let message: String
    public var description: String { message }
}

/// Programs that a test's servers need.
enum Program {
    /// Runs a program to its end.
    @discardableResult
    static func run(
        _ path: String, _ arguments: [String], asPostgres: Bool = false, _ environment: [String: String] = [:], input: String? = nil
    ) async throws -> String {
        let process = command(path, arguments, asPostgres: asPostgres)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, errors, stdin) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = stdin
        return try await withCheckedThrowingContinuation { continuation in
            // Reading waits, which is not for the pool of tasks.
            DispatchQueue.global().async {
                do {
                    try process.run()
                    stdin.fileHandleForWriting.write(Data((input ?? "").utf8))
                    try stdin.fileHandleForWriting.close()
                    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                    process.waitUntilExit()
                    guard process.terminationStatus == 0 else {
                        throw ServerFailure(message: "\(path) \(arguments): status \(process.terminationStatus)\n\(text)\(complaint)")
                    }
                    continuation.resume(returning: text)
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    /// Starts a program that goes on, with what it prints in a file.
    static func launch(_ path: String, _ arguments: [String], asPostgres: Bool, log: String) throws -> Process {
        let process = command(path, arguments, asPostgres: asPostgres)
        guard FileManager.default.createFile(atPath: log, contents: nil), let handle = FileHandle(forWritingAtPath: log) else {
            throw ServerFailure(message: "\(log) cannot be written")
        }
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func command(_ path: String, _ arguments: [String], asPostgres: Bool) -> Process {
        let process = Process()
        if asPostgres && getuid() == 0 {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
            process.arguments = ["--reuid=postgres", "--regid=postgres", "--clear-groups", path] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = arguments
        }
        process.currentDirectoryURL = URL(fileURLWithPath: "/tmp")
        return process
    }
}
