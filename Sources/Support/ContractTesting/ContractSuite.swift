public import APISupport
public import CodegenModel
import HTTPTypes

/// Drives every operation of a service with requests derived from its spec, and checks each answer against the spec.
///
/// It knows the service through its transport only: in process or over the network.
public struct ContractSuite: Sendable {
    private let service: Service
    private let transport: any ClientTransport
    private let authority: String
    private let checker: ResponseChecker

    /// - Parameters:
    ///   - service: The model of the API's documents.
    ///   - authority: Host and port of the service, which speaks plain HTTP.
    public init(service: Service, transport: any ClientTransport, authority: String = "localhost") {
        self.service = service
        self.transport = transport
        self.authority = authority
        checker = ResponseChecker(schemas: SchemaIndex(service))
    }

    /// Sends all derived cases, one after the other.
    ///
    /// - Parameters:
    ///   - fixture: What the spec cannot say.
    ///   - authorization: The `Authorization` value of a caller who may do everything.
    /// - Throws: ``ContractDerivationError`` when the fixture lacks a value, or the transport's error.
    public func run(fixture: ContractFixture, authorization: String) async throws -> ContractReport {
        try await run(try CaseDerivation(service: service, fixture: fixture, authorization: authorization).cases())
    }

    /// Sends the valid request of each operation to a service that refuses all of them, and expects that it says so as declared.
    ///
    /// - Parameters:
    ///   - status: Of every answer, such as 429.
    ///   - operations: Identifiers of those that are never refused: they are left out.
    public func runRefused(
        with status: Int, except operations: Set<String> = [], fixture: ContractFixture, authorization: String
    ) async throws -> ContractReport {
        let cases = try CaseDerivation(service: service, fixture: fixture, authorization: authorization).cases()
        return try await run(
            cases.filter { $0.name == "valid" && !operations.contains($0.operationID) }.map { contractCase in
                var contractCase = contractCase
                contractCase.expectation = .status(status)
                return contractCase
            })
    }

    private func run(_ cases: [ContractCase]) async throws -> ContractReport {
        let operations = Dictionary(service.operations.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var report = ContractReport()
        for operation in service.operations {
            for response in operation.responses {
                report.declared.insert(.init(operationID: operation.id, status: response.status.text))
            }
        }
        for contractCase in cases {
            report.caseCount += 1
            let answer = try await answer(to: contractCase)
            func find(_ message: String) {
                report.findings.append(.init(operationID: contractCase.operationID, caseName: contractCase.name, message: message))
            }
            switch contractCase.expectation {
            case .success where !(200..<400).contains(answer.status): find("status \(answer.status), not a success: \(answer.text)")
            case .status(let status) where status != answer.status: find("status \(answer.status), not \(status): \(answer.text)")
            default: break
            }
            if let operation = operations[contractCase.operationID] {
                let (response, messages) = checker.check(answer, of: operation)
                messages.forEach(find)
                if let response { report.seen.insert(.init(operationID: operation.id, status: response.status.text)) }
            } else {
                checker.checkUnrouted(answer).forEach(find)
            }
            if let pointer = contractCase.violatedPointer, answer.status == 400, let named = checker.violationPointers(answer),
                !named.contains(pointer)
            {
                find("the problem does not name \(pointer), but \(named)")
            }
        }
        return report
    }

    private func answer(to contractCase: ContractCase) async throws -> Answer {
        var head = contractCase.head
        head.authority = authority
        let response = try await transport.send(
            ClientRequest(head: head, body: contractCase.body, operationID: contractCase.operationID))
        let contentType = response.head.headerFields[.contentType] ?? ""
        // A stream of events has no end to wait for; its head is what can be checked here.
        let isStream = contentType.hasPrefix("text/event-stream")
        let body: [UInt8] = isStream ? [] : try await response.body.collect(upTo: 16 << 20) ?? []
        return Answer(head: response.head, body: body, isStream: isStream)
    }
}

extension Response.Status {
    /// As a document writes it.
    var text: String {
        switch self {
        case .code(let code): String(code)
        case .range(let hundreds): "\(hundreds)XX"
        case .default: "default"
        }
    }
}
