import Foundation
import Synchronization
import Testing

@testable import codelab

/// A process of one service, which can be killed and started again at the same port.
final class Replica: Sendable {
    let service: ServiceName
    private let folder: URL
    /// Held for as long as the replica, which is started more than once.
    private let reservation: PortReservation
    /// The last one runs, or was killed.
    private let processes = Mutex<[CommandLineRun]>([])

    init(_ service: ServiceName, in folder: URL) throws {
        self.service = service
        self.folder = folder
        reservation = try PortReservation(host: "127.0.0.1")
    }

    deinit {
        kill()
    }

    var port: Int { reservation.port }
    var url: String { "http://127.0.0.1:\(port)" }
    /// How often it was started.
    var starts: Int { processes.withLock(\.count) }
    /// What its processes have logged so far, one after the other.
    var logs: [String] { processes.withLock { $0.map(\.errors) } }

    /// Returns when it serves.
    func start(_ environment: [String: String]) async throws {
        let file = folder.appending(path: "ports-\(UUID().uuidString).json").path
        let run = try CommandLineRun(
            ["serve", service.rawValue, "--port", "\(port)", "--ports-file", file, "--data-dir", folder.appending(path: "data").path],
            environment: environment)
        processes.withLock { $0.append(run) }
        _ = try await run.ports(in: file)
    }

    func kill() { processes.withLock { $0.last?.kill() } }

    func terminate() async throws {
        let run = try #require(processes.withLock { $0.last })
        run.terminate()
        let result = await run.finish()
        #expect(result.status == 0, "\(service): \(result.errors.suffix(4000))")
    }
}
