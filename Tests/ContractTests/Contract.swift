import APISupport
import CodegenDocuments
import CodegenModel
import ContractTesting
import FoundationEssentials
import Testing

/// A spec of this project and the run of its derived cases against a router in process.
struct Contract {
    let service: Service
    let router: APIRouter

    /// - Parameter spec: The document's path below `specs/`.
    init(_ spec: String, router: APIRouter) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let path = root.appending(path: "specs").appending(path: spec).path
        let options = ServiceReader.Options(types: ["Problem": "APISupport.Problem", "Violation": "APISupport.Violation"])
        let result = ServiceReader.read([path], options: options)
        service = try #require(result.service, "\(spec) cannot be read: \(result.diagnostics)")
        self.router = router
    }

    /// Expects that a service that refuses everything says so as declared, in every operation but `exempt`.
    func checkRefused(with status: Int, exempt: Set<String>, fixture: ContractFixture, authorization: String) async throws {
        let suite = ContractSuite(service: service, transport: InProcessTransport(router: router))
        let report = try await suite.runRefused(with: status, except: exempt, fixture: fixture, authorization: authorization)
        for finding in report.findings { Issue.record("\(finding.description)") }
        #expect(report.caseCount == service.operations.count - exempt.count)
    }

    /// Runs all cases and expects every answer to be as the spec says, and each operation but `unsuccessful` to have succeeded once.
    func check(fixture: ContractFixture = ContractFixture(), authorization: String, unsuccessful: Set<String> = []) async throws {
        let suite = ContractSuite(service: service, transport: InProcessTransport(router: router))
        let report = try await suite.run(fixture: fixture, authorization: authorization)
        for finding in report.findings { Issue.record("\(finding.description)") }
        #expect(Set(report.operationsWithoutSuccess) == unsuccessful)
        #expect(report.caseCount >= service.operations.count)
    }
}

/// Stands for the auth service where a service under test checks tokens: one token may do everything, every other is invalid.
enum TestToken {
    static let value = "all-scopes"
    static let authorization = "Bearer \(value)"

    @Sendable static func check(_ token: String) async throws -> Principal {
        guard token == value else { throw RequestFailure(.unauthenticated, detail: "The access token is not valid.") }
        return Principal(
            subject: "user-1", clientID: "contract-tests", scopes: ["api:read", "api:write", "api:admin", "runtime", "llm"], token: token)
    }
}
