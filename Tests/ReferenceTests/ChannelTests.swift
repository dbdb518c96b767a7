import APISupport
import HTTPTypes
import ReferenceAPI
import Testing

/// Answers each step, and counts numbers up to where it throws.
struct ReferenceChannels: ChannelHandler {
    func talk(
        _ connection: Channels.Talk.ServerConnection, parameters: Channels.Talk.Parameters, principal: Principal, context: CallContext
    ) async throws {
        try await connection.send(
            .said(.init(text: "\(principal.subject) \(parameters.roomID) \(parameters.level.rawValue) \(parameters.limit)")))
        for try await received in connection.incoming {
            switch received {
            case .message(.start(let step)): try await connection.send(.said(.init(text: step.text)))
            case .message(.end): return
            case .invalid(let failure): try await connection.send(.failed(.init(problem: Problem(failure))))
            }
        }
    }

    func numbers(
        _ connection: Channels.Numbers.ServerConnection, parameters: Channels.Numbers.Parameters, context: CallContext
    ) async throws {
        for try await received in connection.incoming {
            guard case .message(let message) = received, case .numbers(let numbers) = message else {
                throw RequestFailure(.invalid, detail: "Not numbers.")
            }
            try await connection.send(.init(name: "\(numbers)"))
        }
    }
}

@Suite("Channels")
struct ChannelTests {
    static let router = APIRouter(
        routes: [], webSockets: ChannelServer(handler: ReferenceChannels(), security: ReferenceSecurity()).routes
    )

    func client(_ credentials: [String: String] = ["bearerAuth": "good"]) -> ChannelClient {
        ChannelClient(
            serverURL: "ws://localhost", transport: InProcessChannels(router: Self.router), credentials: Credentials(values: credentials)
        )
    }

    @Test("typed messages go both ways")
    func talks() async throws {
        let received = try await client().talk(.init(roomID: "a/ü", level: .high)) { connection in
            var received: [Channels.Talk.FromServer] = []
            try await connection.send(.start(.init(text: "one")))
            for try await message in connection.incoming {
                guard case .message(let frame) = message else { continue }
                received.append(frame)
                if received.count == 2 { try await connection.send(.end(.init())) }
            }
            return received
        }
        #expect(received == [.said(.init(text: "bearer a/ü high 3")), .said(.init(text: "one"))])
    }

    @Test("a message that is wrong does not end the connection")
    func reportsInvalidMessages() async throws {
        let (clientSide, serverSide) = InMemoryTransport.pair()
        let connection = Channels.Talk.ServerConnection(transport: serverSide)
        for message in ["{", #"{"type":"said","text":"x"}"#, #"{"type":"start"}"#, #"{"type":"end"}"#] {
            try await clientSide.send([UInt8](message.utf8))
        }
        await clientSide.close(.normal, reason: "")
        var outcomes: [String] = []
        for try await received in connection.incoming {
            switch received {
            case .message(let message): outcomes.append("\(message)")
            case .invalid(let failure):
                outcomes.append("\(failure.code) " + failure.violations.map { "\($0.pointer) \($0.rule)" }.joined(separator: " "))
            }
        }
        #expect(
            outcomes == [
                "malformed-body ", "invalid-request /type discriminator", "invalid-request /text required",
                "\(Channels.Talk.FromClient.end(.init()))",
            ]
        )
    }

    @Test("parameters and credentials are checked before the upgrade")
    func rejectsUpgrades() async throws {
        let anonymous = await #expect(throws: ClientError.self) { try await client([:]).talk(.init(roomID: "a", level: .high)) { _ in } }
        #expect(anonymous?.code == .upgradeRefused && anonymous?.status == 401)
        let wrong = await #expect(throws: ClientError.self) {
            try await client().talk(.init(roomID: "a", level: .high, limit: 0)) { _ in }
        }
        #expect(wrong?.status == 400 && wrong?.problem?.errors?.map(\.pointer) == ["query:limit"])
    }

    @Test("a payload's own constraints hold, and a thrown failure closes the connection")
    func checksPayloads() async throws {
        let things = try await client([:]).numbers(.init()) { connection in
            var things: [Schemas.Thing] = []
            try await connection.send(.numbers([1, 2]))
            for try await case .message(let thing) in connection.incoming {
                things.append(thing)
                // Three items are one too many.
                try await connection.send(.numbers([1, 2, 3]))
            }
            return things
        }
        #expect(things.map(\.name) == ["[1, 2]"])
    }
}
