import APISupport
import APIWebSocket
import Foundation
import GatewayAPI
import HTTPTypes
import PrometheusMetrics
import TestServers
import Testing
import Workspace

@testable import codelab

/// What a platform tells of itself, fetched as Prometheus does, beside what it was asked to do.
@Suite("Metrics of the running platform", .serialized, .runningPlatform)
struct MetricsTests {
    let platform: RunningPlatform

    init() throws { platform = try #require(RunningPlatform.current) }

    private func fetch(_ service: ServiceName = .gateway) async throws -> Exposition {
        let answer = try await platform.send(service, .get, "/metrics")
        #expect(answer.status == 200)
        #expect(answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
        return try Exposition(answer.body)
    }

    /// How much each has grown.
    private func expect(
        _ growth: [(name: String, labels: [String: String], by: Double)], from before: Exposition, to after: Exposition,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (name, labels, amount) in growth {
            let grown = (after.sum(name, labels) ?? 0) - (before.sum(name, labels) ?? 0)
            #expect(grown == amount, "\(name)\(labels)", sourceLocation: sourceLocation)
        }
    }

    @Test("Sign-ins and tokens are counted by what became of them, and never by name", .timeLimit(.minutes(2)))
    func signIns() async throws {
        let before = try await fetch(.auth)
        let (password, tokens) = try await platform.newUser("margaret")
        await #expect(throws: (any Error).self) { try await platform.signIn(as: "margaret", password: "not her password") }
        let refresh = "grant_type=refresh_token&refresh_token=nonsense&client_id=codelab-cli"
        let refused = try await platform.send(
            .auth, .post, "/oauth/token", headers: ["Content-Type": "application/x-www-form-urlencoded"], body: refresh)
        #expect(refused.status == 400)
        let after = try await fetch(.auth)
        expect(
            [
                // The administrator, who makes the account, and she.
                ("codelab_sign_ins_total", ["outcome": "signed_in"], 2), ("codelab_sign_ins_total", ["outcome": "refused"], 1),
                ("codelab_sign_ins_total", ["outcome": "slowed_down"], 0),
                ("codelab_tokens_issued_total", ["grant_type": "authorization_code"], 2),
                ("codelab_tokens_refused_total", ["error": "invalid_grant"], 1), ("codelab_tokens_refused_total", [:], 1),
                ("codelab_rate_limit_decisions_total", ["limit": "attempts", "outcome": "allowed"], 3),
                (
                    "http_server_request_duration_seconds_count",
                    ["http_route": "/oauth/token", "http_request_method": "POST", "http_response_status_code": "400"], 1
                ),
            ], from: before, to: after)
        let created = try #require(after.sum("codelab_signing_key_created_timestamp_seconds"))
        #expect((Date().timeIntervalSince1970 - 600...Date().timeIntervalSince1970).contains(created))
        let text = try await platform.send(.auth, .get, "/metrics").body
        let bearer = try #require(try await tokens.credential(scheme: "bearerAuth"))
        for secret in ["margaret", password, "not her password", bearer, "nonsense", RunningPlatform.administratorPassword] {
            #expect(!text.contains(secret))
        }
    }

    @Test("The demo's turn: what runs is told while it runs, and afterwards what it did", .timeLimit(.minutes(2)))
    func turn() async throws {
        let (_, tokens) = try await platform.newUser("hedy")
        let workspace = try Workspace(at: try platform.makeProject().path)
        let before = try await fetch()
        let client = ChannelClient(serverURL: platform.url(of: .gateway), transport: WebSocketClient(), credentials: tokens)
        let session = try await client.session(.init(sessionID: "new_1", deltas: true)) { connection in
            var session = ""
            try await connection.send(.userMessage(.init(content: "Please summarize this project into SUMMARY.md.")))
            for try await message in connection.incoming {
                guard case .message(let frame) = message else { continue }
                if let id = frame.sessionID { session = id }
                if frame.type == .toolCall, let id = frame.callID, let tool = frame.toolName, let arguments = frame.arguments {
                    if frame.requiresApproval == true {
                        try await waitingForApproval()
                        try await connection.send(.hitlDecision(.init(callID: id, decision: .approve)))
                    }
                    try await connection.send(
                        .toolResult(.init(callID: id, result: .object(try await workspace.run(tool, arguments: arguments)))))
                }
                if frame.metadata?["state"]?.stringValue == "turn_completed" { break }
            }
            return session
        }
        try #require(!session.isEmpty)
        try await Deadline.wait("all to have ended") {
            let now = try await fetch()
            return now.sum("codelab_turns_running") == 0 && now.sum("codelab_websocket_connections") == 0
                && now.sum("codelab_outbox_waiting") == 0
                && now.sum("http_server_request_duration_seconds_count", ["http_route": "/sessions/{session_id}/events"]) == 1
        }
        let after = try await fetch()
        let tool = "codelab_tool_execution_duration_seconds_count"
        let request = "http_server_request_duration_seconds_count"
        expect(
            [
                ("codelab_turn_duration_seconds_count", ["outcome": "completed"], 1), ("codelab_turn_duration_seconds_count", [:], 1),
                (tool, ["tool": "list_files", "outcome": "completed"], 1), (tool, ["tool": "read_file", "outcome": "completed"], 2),
                (tool, ["tool": "write_file", "outcome": "completed"], 1), (tool, [:], 4),
                ("codelab_approval_wait_seconds_count", ["decision": "approve", "by": "user"], 1),
                ("codelab_approval_wait_seconds_count", [:], 1), ("codelab_turns_refused_total", [:], 0),
                // A message, four results, a decision.
                ("codelab_rate_limit_decisions_total", ["limit": "messages", "outcome": "allowed"], 6),
                ("codelab_rate_limit_decisions_total", ["limit": "connections", "outcome": "allowed"], 1),
                ("codelab_rate_limit_decisions_total", ["outcome": "refused"], 0),
                (request, ["http_route": "/api/v1/ws/{session_id}", "http_response_status_code": "101"], 1),
                (request, ["http_route": "/sessions/{session_id}/events", "http_response_status_code": "200"], 1),
                (request, ["http_route": "/sessions", "http_request_method": "POST", "http_response_status_code": "201"], 1),
            ], from: before, to: after)
        #expect(after.sum("codelab_approvals_waiting") == 0)
        #expect(after.sum("codelab_sessions_open") ?? 0 >= 1)
        #expect(after.sum("codelab_outbox_failures_total") == 0)
        try completions(from: before, to: after)
        let text = try await platform.send(.runtime, .get, "/metrics").body
        let bearer = try #require(try await tokens.credential(scheme: "bearerAuth"))
        for secret in [session, "hedy", bearer, "SUMMARY", workspace.path] { #expect(!text.contains(secret)) }
    }

    private func waitingForApproval() async throws {
        try await Deadline.wait("an approval to be waited for") { try await fetch().sum("codelab_approvals_waiting") == 1 }
        let now = try await fetch()
        #expect(now.sum("codelab_turns_running") == 1)
        #expect(now.sum("codelab_websocket_connections", ["http_route": "/api/v1/ws/{session_id}"]) == 1)
        try await Deadline.wait("this fetching itself, and the runtime's event stream, to be under way") {
            try await fetch().sum("http_server_active_requests", ["http_request_method": "GET"]) == 2
        }
    }

    /// Each completion that the proxy served has its duration and its tokens.
    private func completions(from before: Exposition, to after: Exposition) throws {
        func grown(_ name: String, _ labels: [String: String]) -> Double {
            (after.sum(name, labels) ?? 0) - (before.sum(name, labels) ?? 0)
        }
        let served = grown(
            "http_server_request_duration_seconds_count", ["http_route": "/v1/chat/completions", "http_response_status_code": "200"])
        #expect(served >= 3)
        let labels = ["gen_ai_operation_name": "chat", "gen_ai_provider_name": "codelab-scripted"]
        #expect(grown("gen_ai_client_operation_duration_seconds_count", labels.merging(["error_type": ""]) { $1 }) == served)
        #expect(grown("gen_ai_client_operation_duration_seconds_count", labels) == served)
        for type in ["input", "output"] {
            let typed = labels.merging(["gen_ai_token_type": type]) { $1 }
            #expect(grown("gen_ai_client_token_usage_count", typed) == served)
            #expect(grown("gen_ai_client_token_usage_sum", typed) >= served)
        }
    }

    @Test("Paths are told by their templates, and what is not there by none", .timeLimit(.minutes(1)))
    func routes() async throws {
        let before = try await fetch()
        for path in ["/api/v1/sessions/secret-1", "/api/v1/sessions/secret-2", "/api/v1/secret-3", "/secret-4?secret-5=1"] {
            _ = try await platform.send(.gateway, .get, path)
        }
        let request = try #require(HTTPRequest.Method("PROPFIND"))
        _ = try await platform.send(.gateway, request, "/api/v1/sessions")
        let after = try await fetch()
        let name = "http_server_request_duration_seconds_count"
        expect(
            [
                (name, ["http_route": "/api/v1/sessions/{session_id}", "http_response_status_code": "401"], 2),
                (name, ["http_route": "", "http_request_method": "GET", "http_response_status_code": "404"], 2),
                (name, ["http_route": "", "http_request_method": "_OTHER", "http_response_status_code": "405"], 1),
            ], from: before, to: after)
        #expect(!(try await platform.send(.gateway, .get, "/metrics").body.lowercased().contains("secret")))
    }

    @Test("All is of the catalogue, described, and the same at every port in both formats", .timeLimit(.minutes(1)))
    func catalogue() async throws {
        let known = Dictionary(uniqueKeysWithValues: MetricCatalogue.all.map { ($0.name, $0) })
        for service in ServiceName.platform {
            let told = try await fetch(service)
            for (name, kind) in told.kinds {
                let description = try #require(known[name], "\(name)")
                #expect(kind == description.kind.rawValue && told.help[name] == description.help, "\(name)")
            }
            for series in told.samples.keys {
                let base = ["_bucket", "_sum", "_count"].first { series.name.hasSuffix($0) && known[series.name] == nil }
                let description = try #require(known[String(series.name.dropLast(base?.count ?? 0))], "\(series.name)")
                #expect(Set(series.labels.keys).subtracting(["le"]).isSubset(of: description.labels), "\(series)")
            }
            let answer = try await platform.send(service, .get, "/metrics", headers: ["Accept": "application/openmetrics-text"])
            #expect(answer.contentType == "application/openmetrics-text; version=1.0.0")
            let openMetrics = try Exposition(answer.body, isOpenMetrics: true)
            #expect(Set(openMetrics.samples.keys).isSuperset(of: told.samples.keys))
        }
        let now = try await fetch()
        #expect(now.sum("codelab_build_info", ["version": CodeLab.version]) == 1)
        #expect(now.sum("process_resident_memory_bytes") ?? 0 > 1_000_000)
        // What belongs to a service is there from its start on.
        for name in ["codelab_session_leases_lost_total", "codelab_sessions_interrupted_total", "codelab_turns_refused_total"] {
            #expect(now.sum(name) == 0, "\(name)")
        }
    }
}
