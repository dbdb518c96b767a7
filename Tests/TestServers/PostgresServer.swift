import Foundation

/// A PostgreSQL of a test's own: in a temporary folder, on a free port of loopback, stopped and removed with ``stop()``.
public final class PostgresServer: @unchecked Sendable {
    // Unchecked: a test drives its server from one task.
    public static let password = "p@ss word"

    public let port: Int
    private let folder: URL
    private let certificate: TestCertificates.Files?
    private var process: Process?

    /// Makes and starts a server with a database `codelab` and a user `codelab` whose password is ``password``.
    ///
    /// - Parameter certificate: What it identifies itself with; nil: it has no TLS.
    public init(certificate: TestCertificates.Files? = nil) async throws {
        self.certificate = certificate
        port = try FreePort.next()
        folder = URL(fileURLWithPath: "/tmp/codelab-postgres-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        do {
            let passwordFile = folder.appending(path: "password").path
            try Data(Self.password.utf8).write(to: URL(fileURLWithPath: passwordFile))
            if let certificate {
                for (file, name) in [(certificate.certificate, "server.crt"), (certificate.key, "server.key")] {
                    try FileManager.default.copyItem(atPath: file, toPath: folder.appending(path: name).path)
                }
                try await Program.run("/usr/bin/chmod", ["600", folder.appending(path: "server.key").path])
            }
            // PostgreSQL does not run as root.
            if getuid() == 0 { try await Program.run("/usr/bin/chown", ["-R", "postgres:postgres", folder.path]) }
            try await run(
                "initdb",
                ["-D", data, "-U", "codelab", "--auth=scram-sha-256", "--pwfile=\(passwordFile)", "-E", "UTF8", "--locale=C", "--no-sync"])
            try await start()
            try await run("createdb", ["codelab"])
        } catch {
            try await stop()
            throw error
        }
    }

    /// Where it listens, with user and password.
    public var url: String { url(of: "codelab") }

    func url(of database: String) -> String { "postgres://codelab:p%40ss%20word@127.0.0.1:\(port)/\(database)" }

    private var data: String { folder.appending(path: "data").path }

    /// Starts the server again, and returns when it takes connections.
    public func start() async throws {
        // What is killed leaves its lock behind, and its number may be another process's by now.
        try? FileManager.default.removeItem(atPath: "\(data)/postmaster.pid")
        var arguments = [
            "-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=\(folder.path)",
            // A killed process loses nothing that the system has; only a dead machine would.
            "-c", "fsync=off", "-c", "max_connections=50",
        ]
        if certificate != nil {
            let (file, key) = (folder.appending(path: "server.crt").path, folder.appending(path: "server.key").path)
            arguments += ["-c", "ssl=on", "-c", "ssl_cert_file=\(file)", "-c", "ssl_key_file=\(key)"]
        }
        process = try Program.launch(
            "\(try Self.binaries())/postgres", arguments, asPostgres: true, log: folder.appending(path: "log").path)
        try await Deadline.wait("PostgreSQL on port \(port) to take connections", log: folder.appending(path: "log").path) { [self] in
            guard process?.isRunning == true else { return false }
            return (try? await run("pg_isready", ["-q"])) != nil
        }
    }

    /// As `kill -9`: the server and all its processes, at once.
    public func kill() async throws {
        try await signal(SIGKILL)
        process?.waitUntilExit()
        process = nil
    }

    /// Stops its processes where they are, or lets them go on.
    public func freeze(_ isFrozen: Bool) async throws { try await signal(isFrozen ? SIGSTOP : SIGCONT) }

    /// Stops the server and removes its folder.
    public func stop() async throws {
        if let process, process.isRunning {
            // "Fast": open sessions are ended.
            Foundation.kill(process.processIdentifier, SIGINT)
            process.waitUntilExit()
        }
        process = nil
        try FileManager.default.removeItem(at: folder)
    }

    /// The server's processes: those it has started are its children.
    private func signal(_ number: CInt) async throws {
        guard let parent = process?.processIdentifier else { return }
        let children = try await Program.run("/usr/bin/pgrep", ["-P", String(parent)]).split(separator: "\n").compactMap { pid_t($0) }
        // The parent first, so that it starts no new ones.
        for identifier in [parent] + children { Foundation.kill(identifier, number) }
    }

    /// Runs one of PostgreSQL's programs against this server.
    ///
    /// - Returns: What it printed.
    @discardableResult
    public func run(_ program: String, _ arguments: [String], input: String? = nil) async throws -> String {
        let environment = [
            "PGHOST": "127.0.0.1", "PGPORT": String(port), "PGUSER": "codelab", "PGPASSWORD": Self.password, "LC_ALL": "C.UTF-8",
        ]
        return try await Program.run("\(Self.binaries())/\(program)", arguments, asPostgres: program == "initdb", environment, input: input)
    }

    private static func binaries() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        guard let newest = versions.compactMap(Int.init).max() else {
            throw ServerFailure(message: "PostgreSQL is not installed: apt-get install postgresql")
        }
        return "\(root)/\(newest)/bin"
    }
}
