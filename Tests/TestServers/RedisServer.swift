public import Foundation

/// A Redis of a test's own: in a temporary folder, on a free port of loopback, stopped and removed with ``stop()``.
public final class RedisServer: @unchecked Sendable {
    // Unchecked: a test drives its server from one task.
    public static let password = "p@ss word"

    public let port: Int
    private let folder: URL
    private let settings: [String]
    private let isSentinel: Bool
    private var process: Process?

    /// Starts a server that asks for ``password``.
    ///
    /// - Parameter settings: Further lines of its configuration file.
    public convenience init(settings: [String] = []) async throws {
        try await self.init(
            settings: ["requirepass \"\(Self.password)\"", "masterauth \"\(Self.password)\""] + settings, isSentinel: false)
    }

    /// Starts a sentinel that watches over a server, by the name `codelab`.
    public convenience init(watching server: RedisServer) async throws {
        let settings = [
            "sentinel monitor codelab 127.0.0.1 \(server.port) 1", "sentinel auth-pass codelab \"\(Self.password)\"",
            "sentinel down-after-milliseconds codelab 500", "sentinel failover-timeout codelab 2000",
        ]
        try await self.init(settings: settings, isSentinel: true)
    }

    private init(settings: [String], isSentinel: Bool) async throws {
        port = try FreePort.next()
        folder = URL(fileURLWithPath: "/tmp/codelab-redis-\(UUID().uuidString.prefix(8))")
        self.settings = settings
        self.isSentinel = isSentinel
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let usesTLS = settings.contains { $0.hasPrefix("tls-cert-file") }
        let lines = [
            usesTLS ? "port 0\ntls-port \(port)" : "port \(port)", "bind 127.0.0.1", "dir \(folder.path)", "save \"\"", "appendonly no",
        ]
        try Data((lines + settings).joined(separator: "\n").appending("\n").utf8).write(to: folder.appending(path: "redis.conf"))
        do {
            try await start()
        } catch {
            try await stop()
            throw error
        }
    }

    /// Where it listens, with the password.
    public var url: String { "redis://:p%40ss%20word@127.0.0.1:\(port)" }

    /// Starts the server again, and returns when it takes connections.
    public func start() async throws {
        let log = folder.appending(path: "log").path
        let arguments = [folder.appending(path: "redis.conf").path] + (isSentinel ? ["--sentinel"] : [])
        process = try Program.launch("/usr/bin/redis-server", arguments, asPostgres: false, log: log)
        try await Deadline.wait("Redis on port \(port) to take connections", log: log) { [self] in
            guard process?.isRunning == true else {
                throw ServerFailure(message: "Redis ended: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
            }
            return FreePort.isTaken(port)
        }
    }

    /// As `kill -9`.
    public func kill() {
        guard let process else { return }
        signal(SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    /// Stops its process where it is, or lets it go on.
    public func freeze(_ isFrozen: Bool) { signal(isFrozen ? SIGSTOP : SIGCONT) }

    /// Stops the server and removes its folder. It has nothing to lose; and a child of a thread of Dispatch's has SIGTERM blocked.
    public func stop() async throws {
        kill()
        try FileManager.default.removeItem(at: folder)
    }

    private func signal(_ number: CInt) {
        if let process, process.isRunning { Foundation.kill(process.processIdentifier, number) }
    }

    /// Makes a certificate for 127.0.0.1 that is its own authority.
    ///
    /// - Returns: The lines of a server's configuration that use it, and the certificate's file.
    public static func makeCertificate(in folder: URL) async throws -> (settings: [String], certificate: String) {
        let (key, certificate) = (folder.appending(path: "key.pem").path, folder.appending(path: "certificate.pem").path)
        try await Program.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                "/CN=localhost",
                "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", certificate,
            ])
        return (
            ["tls-cert-file \(certificate)", "tls-key-file \(key)", "tls-ca-cert-file \(certificate)", "tls-auth-clients no"], certificate
        )
    }
}
