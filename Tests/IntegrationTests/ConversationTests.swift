import APISupport
import APIWebSocket
import Foundation
import GatewayAPI
import HTTPTypes
import Testing
import Workspace

@testable import codelab

@Suite("A conversation over real sockets", .serialized, .runningPlatform)
struct ConversationTests {
    let platform: RunningPlatform
    let folder: URL

    init() throws {
        platform = try #require(RunningPlatform.current)
        folder = try platform.makeProject()
    }

    private func client(_ tokens: AccessTokens) -> ChannelClient {
        ChannelClient(serverURL: platform.url(of: .gateway), transport: WebSocketClient(), credentials: tokens)
    }

    @Test("The demo's turn: deltas, two tools at once, an agent switch, an approval, the file", .timeLimit(.minutes(2)))
    func demoTurn() async throws {
        let user = try await platform.newUser("ada")
        let workspace = try Workspace(at: folder.path)
        let frames = try await client(user.tokens).session(.init(sessionID: "new_1", deltas: true)) { connection in
            var frames: [Schemas.ServerFrame] = []
            try await connection.send(.userMessage(.init(content: "Please summarize this project into SUMMARY.md.")))
            for try await message in connection.incoming {
                guard case .message(let frame) = message else {
                    Issue.record("a frame that is not understood: \(message)")
                    continue
                }
                frames.append(frame)
                if frame.type == .toolCall, let id = frame.callID, let tool = frame.toolName, let arguments = frame.arguments {
                    if frame.requiresApproval == true {
                        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "SUMMARY.md").path))
                        try await connection.send(.hitlDecision(.init(callID: id, decision: .approve)))
                    }
                    let result = try await workspace.run(tool, arguments: arguments)
                    try await connection.send(.toolResult(.init(callID: id, result: .object(result))))
                }
                if frame.metadata?["state"]?.stringValue == "turn_completed" { break }
            }
            return frames
        }

        #expect(frames.first?.type == .sessionInfo)
        let deltas = frames.filter { $0.type == .assistantMessage && $0.isFinal == false }
        let finals = frames.filter { $0.type == .assistantMessage && $0.isFinal == true }
        #expect(deltas.count > finals.count)
        #expect(finals.allSatisfy { $0.token == "" })
        #expect(deltas.compactMap(\.token).joined() == finals.compactMap(\.content).joined())
        #expect(frames.contains { $0.type == .agentSwitched && $0.toAgent == "coder" })
        let calls = frames.filter { $0.type == .toolCall }
        #expect(calls.map(\.toolName) == ["list_files", "read_file", "read_file", "write_file"])
        #expect(calls.map(\.requiresApproval) == [false, false, false, true])
        #expect(frames.contains { $0.type == .approvalSettled && $0.metadata?["decision"] == "approve" })
        #expect(finals.last?.content?.contains("wrote SUMMARY.md") == true)
        let written = try String(contentsOf: folder.appending(path: "SUMMARY.md"), encoding: .utf8)
        #expect(written.contains("It does things."))

        try await history(of: try #require(frames.first?.sessionID), tokens: user.tokens)
    }

    /// What was said is kept, and given back in the OpenAI form.
    private func history(of session: String, tokens: AccessTokens) async throws {
        let client = GatewayAPI.Client(serverURL: platform.url(of: .gateway), transport: platform.transport, credentials: tokens)
        let history = try await client.getSessionHistory(.init(sessionID: session)).ok.body
        #expect(history.messages.first?.content == "Please summarize this project into SUMMARY.md.")
        #expect(Int(history.messageCount) == history.messages.count)
        #expect(try await client.listPendingApprovals(.init(sessionID: session)).ok.body.count == 0)
    }

    @Test("A client that did not ask for deltas gets only frames that the first CodeLab had", .timeLimit(.minutes(2)))
    func plainClient() async throws {
        let user = try await platform.newUser("grace")
        try await client(user.tokens).session(.init(sessionID: "new_1")) { connection in
            try await connection.send(.userMessage(.init(content: "Hello")))
            for try await case .message(let frame) in connection.incoming {
                #expect([.sessionInfo, .assistantMessage].contains(frame.type))
                if frame.type == .assistantMessage {
                    #expect(frame.isFinal == true)
                    #expect(frame.token == frame.content)
                    break
                }
            }
        }
    }

    @Test("Frames that are not understood get an error frame, and the conversation goes on", .timeLimit(.minutes(2)))
    func badFrames() async throws {
        let user = try await platform.newUser("linus")
        let head = try await upgrade(user.tokens)
        let bad = [
            "{", "[]", #"{"type":"nothing"}"#, #"{"type":"user_message"}"#, #"{"type":"user_message","content":7}"#,
            #"{"type":"tool_result","call_id":"unknown","result":{}}"#, #"{"type":"hitl_decision","call_id":"c","decision":"perhaps"}"#,
        ]
        try await WebSocketClient().connect(head) { transport in
            for text in bad {
                try await transport.send(Array(text.utf8))
                var frame = try await next(transport)
                while frame.type == .sessionInfo { frame = try await next(transport) }
                #expect(frame.type == .error, "\(text)")
                #expect(frame.error?.isEmpty == false)
                #expect(frame.error == frame.content)
            }
            try await transport.send(Array(#"{"type":"user_message","content":"still there?","extra":[1]}"#.utf8))
            var frame = try await next(transport)
            while frame.type != .assistantMessage { frame = try await next(transport) }
            #expect(frame.content?.contains("still there?") == true)
        }
    }

    @Test("Without a good token there is no connection; nobody gets into another user's session", .timeLimit(.minutes(2)))
    func access() async throws {
        let owner = try await platform.newUser("owner")
        let stranger = try await platform.newUser("stranger")
        let session = try await client(owner.tokens).session(.init(sessionID: "new_1")) { connection in
            for try await case .message(let frame) in connection.incoming { return frame.sessionID }
            return nil
        }
        let id = try #require(session)
        for token in [nil, "nonsense"] {
            let credentials = token.map { BearerCredentialProvider(token: $0) }
            let anonymous = ChannelClient(serverURL: platform.url(of: .gateway), transport: WebSocketClient(), credentials: credentials)
            let error = await #expect(throws: ClientError.self) { try await anonymous.session(.init(sessionID: id)) { _ in } }
            #expect(error?.status == 401)
        }
        let closed = await #expect(throws: WebSocketClosed.self) {
            try await client(stranger.tokens).session(.init(sessionID: id)) { connection in
                for try await _ in connection.incoming {}
            }
        }
        #expect(closed?.code.rawValue == 4404)
    }

    private func upgrade(_ tokens: AccessTokens) async throws -> ClientRequest {
        let token = try #require(try await tokens.credential(scheme: "bearerAuth"))
        return ClientRequest(
            head: .init(
                method: .get, scheme: "http", authority: "127.0.0.1:\(platform.ports["gateway"] ?? 0)", path: "/api/v1/ws/new_1",
                headerFields: [.authorization: "Bearer \(token)"]
            ),
            operationID: "session"
        )
    }

    private func next(_ transport: any MessageTransport) async throws -> Schemas.ServerFrame {
        try JSONReader.decode(Schemas.ServerFrame.self, from: try #require(try await transport.receive()))
    }
}
