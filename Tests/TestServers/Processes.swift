import Foundation

/// A server of a test's could not be started.
public struct ServerFailure: Error, CustomStringConvertible {
    public let message: String
    public var description: String { message }
}

extension PostgresServer {
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

/// A port of loopback that nobody listens on.
public enum FreePort {
    public static func next() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw ServerFailure(message: "No socket: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 ? getsockname(descriptor, pointer, &length) : -1
            }
        }
        guard status == 0 else { throw ServerFailure(message: "No free port: \(String(cString: strerror(errno)))") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// Waiting for what another process does, which tells nobody when it has done it.
public enum Deadline {
    /// Asks again and again until the answer is yes.
    ///
    /// - Throws: ``ServerFailure`` after 30 seconds, with the end of the log.
    public static func wait(_ what: String, log: String? = nil, for condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            guard ContinuousClock.now < deadline else {
                let end = log.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) }?.suffix(2000) ?? ""
                throw ServerFailure(message: "Waited 30 s in vain for \(what)\n\(end)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
