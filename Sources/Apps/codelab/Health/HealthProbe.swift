import APIAsyncHTTPClient
import APISupport
import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import OperationsAPI

/// Asks services for their health, all at the same time.
struct HealthProbe: Sendable {
    /// What came of asking one of them.
    struct Finding: Sendable {
        enum Outcome: Sendable, Equatable {
            case alive
            /// What the service does without, each with what does not work.
            case ready(without: [String])
            /// Why not.
            case notReady(String)
            /// Nobody takes connections there.
            case absent
            case failed(String)
        }

        let target: HealthTarget
        let outcome: Outcome

        var isHealthy: Bool {
            switch outcome {
            case .alive, .ready: true
            case .notReady, .absent, .failed: false
            }
        }

        func tell(_ terminal: Terminal) {
            switch outcome {
            case .alive: terminal.say("\(target.name) is alive\n")
            case .ready(let without) where without.isEmpty: terminal.say("\(target.name) is ready\n")
            case .ready(let without): terminal.say("\(target.name) is ready, without \(without.joined(separator: ", "))\n")
            case .notReady(let why): terminal.note("\(target.name) is not ready: \(why)", .failure)
            case .absent: terminal.note("\(target.name) cannot be reached at \(target.address)", .failure)
            case .failed(let why): terminal.note("\(target.name) is not healthy: \(why)", .failure)
            }
        }
    }

    let asksForLife: Bool
    let timeout: Duration

    /// A connection that is refused is an answer: it is not tried again.
    static var clientConfiguration: HTTPClient.Configuration {
        var configuration = AsyncHTTPClientTransport.configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// - Returns: One for each target, in their order.
    func ask(_ targets: [HealthTarget], _ transport: AsyncHTTPClientTransport) async -> [Finding] {
        await withTaskGroup(of: (Int, Finding).self) { group in
            for (index, target) in targets.enumerated() {
                group.addTask { (index, Finding(target: target, outcome: await outcome(of: target, transport))) }
            }
            return await group.reduce(into: [Int: Finding]()) { $0[$1.0] = $1.1 }.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func outcome(of target: HealthTarget, _ transport: AsyncHTTPClientTransport) async -> Finding.Outcome {
        let client = Client(serverURL: target.address, transport: transport)
        do {
            return try await withThrowingTaskGroup(of: Finding.Outcome.self) { group in
                group.addTask { asksForLife ? try await life(of: client) : try await readiness(of: client) }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    return .failed("no answer within \(timeout.components.seconds) s")
                }
                defer { group.cancelAll() }
                return try await group.next() ?? .absent
            }
        } catch let error where Self.isRefusal(error) {
            return .absent
        } catch {
            return .failed(CommandFailure.describe(error).text)
        }
    }

    /// No connection came about: to an address, or to any of those of a name.
    private static func isRefusal(_ error: any Error) -> Bool {
        (error as? IOError)?.errnoCode == ECONNREFUSED || error is NIOConnectionError
    }

    private func life(of client: Client) async throws -> Finding.Outcome {
        switch try await client.getLiveness() {
        case .ok: .alive
        case .internalServerError(let problem): .failed(problem.detail ?? problem.title)
        }
    }

    private func readiness(of client: Client) async throws -> Finding.Outcome {
        switch try await client.getReadiness() {
        case .ok(let answer): .ready(without: Self.failed(answer.body.checks))
        case .serviceUnavailable(let answer):
            .notReady(answer.body.checks.isEmpty ? answer.body.detail : Self.failed(answer.body.checks).joined(separator: ", "))
        case .internalServerError(let problem): .failed(problem.detail ?? problem.title)
        }
    }

    private static func failed(_ checks: [Schemas.Check]) -> [String] {
        checks.filter { $0.status == .failed }.map { check in check.name + (check.reason.map { " (\($0))" } ?? "") }
    }
}
