import APIHummingbird
import APISupport
import APIWebSocket
import Foundation
import GatewayAPI
import HTTPTypes
import Logging
import OTLPAPI
import ServiceLifecycle
import Synchronization
import Testing
import Workspace

@testable import codelab

/// What a platform tells a collector of OpenTelemetry.
@Suite("Traces of the running platform")
struct TracesTests {
    @Test("The demo's turn is one trace, from the gateway to the model and back", .timeLimit(.minutes(3)))
    func turn() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "codelab-traces-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let collector = SpanCollector()
        let server = APIServer(
            router: APIRouter(routes: OTLPAPI.Server(handler: collector).routes), host: "127.0.0.1", port: 0,
            logger: Logger(label: "collector") { _ in SwiftLogNoOpLogHandler() })
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [server], logger: Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }))
        let (spans, log) = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let log = try await RunningPlatform.run(
                in: folder,
                environment: [
                    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(try await server.boundPort)",
                    "OTEL_EXPORTER_OTLP_HEADERS": "x-tenant=a%20secret", "CODELAB_LOG_FORMAT": "json", "CODELAB_LOG_LEVEL": "debug",
                ]
            ) { platform in
                let (_, tokens) = try await platform.newUser("radia")
                try await runTurn(on: platform, tokens)
            }
            // The platform has sent what it had before it stopped.
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            return (collector.spans, log)
        }
        #expect(!log.contains("a secret"))
        let turn = try #require(spans.first { $0.name.hasPrefix("invoke_agent") })
        #expect(log.contains(turn.traceID), "no line of the log names the trace")
        let trace = spans.filter { $0.traceID == turn.traceID }
        func children(of span: OTLPAPI.Schemas.Span) -> [OTLPAPI.Schemas.Span] { trace.filter { $0.parentSpanID == span.spanID } }

        // Above the turn: the gateway's call, which the runtime answered.
        let request = try #require(trace.first { $0.spanID == turn.parentSpanID })
        #expect(request.kind == 2)
        let call = try #require(trace.first { $0.spanID == request.parentSpanID })
        #expect(call.kind == 3)

        // Below: questions to the model, each a call to the proxy, and the tools that it asked for.
        let questions = children(of: turn).filter { $0.name == "chat scripted" }
        #expect(questions.count > 1)
        for question in questions {
            // The first one also asks for a token.
            let calls = children(of: question)
            #expect(calls.allSatisfy { $0.kind == 3 })
            let answered = calls.flatMap(children).filter { $0.kind == 2 }
            #expect(answered.contains { $0.name == "POST /v1/chat/completions" })
        }
        let tools = children(of: turn).filter { $0.name.hasPrefix("execute_tool ") }
        #expect(tools.contains { $0.name == "execute_tool write_file" })
        #expect(children(of: turn).contains { $0.name == "approval" })
        let told = "\(spans)"
        for secret in ["radia", "summarize", RunningPlatform.administratorPassword, "SUMMARY.md", "Bearer"] {
            #expect(!told.contains(secret))
        }
    }

    /// The demo's turn, to its end.
    private func runTurn(on platform: RunningPlatform, _ tokens: AccessTokens) async throws {
        let workspace = try Workspace(at: try platform.makeProject().path)
        let client = ChannelClient(serverURL: platform.url(of: .gateway), transport: WebSocketClient(), credentials: tokens)
        try await client.session(.init(sessionID: "new_1", deltas: true)) { connection in
            try await connection.send(.userMessage(.init(content: "Please summarize this project into SUMMARY.md.")))
            for try await message in connection.incoming {
                guard case .message(let frame) = message else { continue }
                if frame.type == .toolCall, let id = frame.callID, let tool = frame.toolName, let arguments = frame.arguments {
                    if frame.requiresApproval == true { try await connection.send(.hitlDecision(.init(callID: id, decision: .approve))) }
                    try await connection.send(
                        .toolResult(.init(callID: id, result: .object(try await workspace.run(tool, arguments: arguments)))))
                }
                if frame.metadata?["state"]?.stringValue == "turn_completed" { break }
            }
        }
    }
}

/// A collector that takes everything.
private final class SpanCollector: OTLPAPI.APIHandler {
    private let taken = Mutex<[OTLPAPI.Schemas.Span]>([])

    var spans: [OTLPAPI.Schemas.Span] { taken.withLock(\.self) }

    func exportTraces(
        _ input: OTLPAPI.Operations.ExportTraces.Input, context: CallContext
    ) async throws -> OTLPAPI.Operations.ExportTraces.Output {
        #expect(context.request.head.headerFields.contains { $0.name.rawName == "x-tenant" && $0.value == "a secret" })
        taken.withLock { $0 += input.body.resourceSpans.flatMap { $0.scopeSpans.flatMap(\.spans) } }
        return .ok(.init())
    }

    func failure(
        _ failure: RequestFailure, in operation: OTLPAPI.Operations.ExportTraces.Type
    ) throws -> OTLPAPI.Operations.ExportTraces.Output {
        throw failure
    }
}
