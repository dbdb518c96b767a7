import APISupport
import HTTPTypes
import InMemoryLogging
import Logging
import OperationsAPI
import OperationsHandlers
import Testing

/// Asked as a probe asks: through the router.
@Suite("Health")
struct ReadinessTests {
    private let log = InMemoryLogHandler()

    private func readiness(
        _ checks: [ReadinessCheck], deadline: Duration = .seconds(60), maximumAge: Duration = .zero
    ) -> ReadinessChecks {
        ReadinessChecks(checks, deadline: deadline, maximumAge: maximumAge, logger: Logger(label: "test") { [log] _ in log })
    }

    private func router(_ readiness: ReadinessChecks) -> APIRouter {
        APIRouter(routes: []).adding(OperationsService(service: "gateway", readiness: readiness, metrics: FixedMetrics()).routes)
    }

    private func client(_ readiness: ReadinessChecks) -> Client {
        Client(serverURL: "http://localhost", transport: InProcessTransport(router: router(readiness)))
    }

    private func notReady(_ client: Client) async throws -> Schemas.NotReady {
        let output = try await client.getReadiness()
        guard case .serviceUnavailable(let answer) = output else { throw Unexpected(output: "\(output)") }
        #expect(answer.cacheControl == "no-store")
        return answer.body
    }

    private struct Unexpected: Error {
        let output: String
    }

    @Test("Liveness asks nothing, whatever has become of the dependencies, and also while the process stops")
    func live() async throws {
        let dependency = Dependency(.isSilent)
        let readiness = readiness([dependency.check("database")])
        readiness.stop()
        let answer = try await client(readiness).getLiveness().ok
        #expect(answer.body.service == "gateway")
        #expect(answer.cacheControl == "no-store")
        #expect(dependency.asked == 0)
    }

    @Test("Ready: every check has passed")
    func ready() async throws {
        let answer = try await client(readiness([Dependency().check("database"), Dependency().check("redis", isRequired: false)]))
            .getReadiness().ok
        #expect(answer.cacheControl == "no-store")
        #expect(answer.body.service == "gateway")
        #expect(
            answer.body.checks == [
                Schemas.Check(name: "database", required: true, status: .passed),
                Schemas.Check(name: "redis", required: false, status: .passed),
            ])
        #expect(log.entries.isEmpty)
    }

    @Test("Not ready: a required check fails; the answer says what does not work, and nothing of the driver's")
    func failed() async throws {
        let readiness = readiness([Dependency(.fails).check("database"), Dependency().check("redis")])
        let problem = try await notReady(client(readiness))
        #expect(problem.detail == "These checks failed: database.")
        #expect(
            problem.checks == [
                Schemas.Check(name: "database", required: true, status: .failed, reason: "There is no database."),
                Schemas.Check(name: "redis", required: true, status: .passed),
            ])
        let request = ServerRequest(head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/health/ready"))
        let response = await router(readiness).respond(to: request)
        #expect(response.head.status.code == 503)
        #expect(response.head.headerFields[.contentType] == "application/problem+json")
        guard case .bytes(let bytes) = response.body else { throw Unexpected(output: "\(response)") }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("urn:codelab:problem:not-ready"))
        #expect(!text.contains("driver"))
    }

    @Test("What the service can do without is told, and changes nothing")
    func optional() async throws {
        let answer = try await client(readiness([Dependency().check("database"), Dependency(.fails).check("redis", isRequired: false)]))
            .getReadiness().ok
        #expect(answer.body.checks.map(\.status) == [.passed, .failed])
        #expect(answer.body.checks.last?.reason == "There is no redis.")
    }

    @Test("A check that says nothing has failed at its deadline, and the others are not held up", .timeLimit(.minutes(1)))
    func silent() async throws {
        let checks = [Dependency(.isSilent).check("database"), Dependency(.isSilent).check("runtime"), Dependency().check("redis")]
        let problem = try await notReady(client(readiness(checks, deadline: .milliseconds(50))))
        #expect(problem.checks.map(\.status) == [.failed, .failed, .passed])
        #expect(problem.detail == "These checks failed: database, runtime.")
    }

    @Test("What was found is told again for a while: asking often asks the dependency once", .timeLimit(.minutes(1)))
    func kept() async throws {
        let dependency = Dependency()
        let kept = client(readiness([dependency.check("database")], maximumAge: .seconds(600)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await kept.getReadiness().ok } }
            try await group.waitForAll()
        }
        #expect(dependency.asked == 1)

        let another = Dependency()
        let unkept = client(readiness([another.check("database")]))
        for _ in 0..<3 { _ = try await unkept.getReadiness().ok }
        #expect(another.asked == 3)
    }

    @Test("A probe that goes away has found nothing: the next one asks anew", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let dependency = Dependency(.isSilent)
        let client = client(readiness([dependency.check("database")], maximumAge: .seconds(600)))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await client.getReadiness() }
            await dependency.whenAsked()
            dependency.become(.works)
            group.cancelAll()
        }
        _ = try await client.getReadiness().ok
        #expect(dependency.asked == 2)
        #expect(log.entries.isEmpty)
    }

    @Test("The log tells once that a check fails, with the cause, and once that it passes again")
    func logged() async throws {
        let dependency = Dependency()
        let client = client(readiness([dependency.check("database")]))
        _ = try await client.getReadiness().ok
        for _ in 0..<2 {
            dependency.become(.fails)
            for _ in 0..<3 { _ = try await notReady(client) }
            dependency.become(.works)
            for _ in 0..<3 { _ = try await client.getReadiness().ok }
        }
        let about: Logger.Metadata = ["check": "database", "required": "true"]
        let pair = [
            InMemoryLogHandler.Entry(
                level: .warning, message: "A readiness check fails", metadata: about.merging(["cause": "a driver's own text"]) { $1 }),
            InMemoryLogHandler.Entry(level: .notice, message: "A readiness check passes again", metadata: about),
        ]
        #expect(log.entries == pair + pair)
    }

    @Test("Once the process stops it is not ready, also where that was found a moment before, and asks nobody")
    func stopping() async throws {
        let dependency = Dependency()
        let readiness = readiness([dependency.check("database")], maximumAge: .seconds(600))
        let client = client(readiness)
        _ = try await client.getReadiness().ok
        readiness.stop()
        let problem = try await notReady(client)
        #expect(problem.detail == "The service is stopping.")
        #expect(problem.checks.isEmpty)
        #expect(dependency.asked == 1)
    }
}
