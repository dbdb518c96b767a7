import APISupport
import RuntimeAPI
import RuntimeHandlers
import Testing

@Suite("The event stream", .timeLimit(.minutes(1)))
struct EventStreamTests {
    @Test("A reader resumes behind the last event it saw")
    func resumption() async throws {
        try await RuntimeHarness.run(.text("a", "b", "c")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            let all = try await reader.turn()

            // From the id of the second event: everything behind it, once.
            let secondID = try #require(reader.lastID).replacing(/-\d+$/, with: "-2")
            var resumed = try await runtime.reader(of: session, after: secondID)
            #expect(try await resumed.turn() == Array(all.dropFirst(2)))
            // As browsers do it, with the header.
            let stream = try await runtime.client.streamEvents(.init(sessionID: session, codeLabUser: "u1", lastEventID2: secondID)).ok
            var reconnected = EventReader(stream)
            #expect(try await reconnected.turn() == Array(all.dropFirst(2)))
        }
    }

    @Test("What is no longer kept, or never was, is gone")
    func gone() async throws {
        try await RuntimeHarness.run(.text("a", "b", "c", "d")) {
            $0.bufferedEvents = 3
        } body: { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            _ = try await reader.turn()
            let last = try #require(reader.lastID)
            for id in [last.replacing(/-\d+$/, with: "-1"), last.replacing(/-\d+$/, with: "-99"), "other-1", "x", last + "-1"] {
                let output = try await runtime.client.streamEvents(.init(sessionID: session, lastEventID: id, codeLabUser: "u1"))
                guard case .gone(let problem) = output else {
                    Issue.record("\(id): \(output)")
                    return
                }
                #expect(problem.type == "urn:codelab:problem:events-gone")
            }
        }
    }

    @Test("A slow reader is dropped, and resumes where it stopped")
    func slowReader() async throws {
        let pieces = (1...20).map { ModelEvent.textDelta("\($0) ") }
        try await RuntimeHarness.run(.events(pieces + [.finished(.stop, usage: nil)])) {
            $0.eventReaderBuffer = 4
        } body: { runtime in
            let session = try await runtime.makeSession()
            var slow = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            while try await runtime.session(session).state == .running { await Task.yield() }
            var events: [Schemas.SessionEvent] = []
            while let event = try await slow.next() { events.append(event) }
            #expect(events.count == 4)
            var resumed = try await runtime.reader(of: session, after: slow.lastID)
            events += try await resumed.turn()
            #expect(
                events.map(\.type) == ["turn_started"] + Array(repeating: "text_delta", count: 20) + [
                    "assistant_message", "turn_completed",
                ])
        }
    }

    @Test("There is a bound on readers, and a reader that leaves makes room")
    func readers() async throws {
        try await RuntimeHarness.run {
            $0.maximumEventReaders = 2
        } body: { runtime in
            let session = try await runtime.makeSession()
            let first = try await runtime.client.streamEvents(.init(sessionID: session, codeLabUser: "u1")).ok
            do {
                let second = try await runtime.client.streamEvents(.init(sessionID: session, codeLabUser: "u1")).ok
                let third = try await runtime.client.streamEvents(.init(sessionID: session, codeLabUser: "u1"))
                guard case .serviceUnavailable = third else {
                    Issue.record("\(third)")
                    return
                }
                withExtendedLifetime(second) {}
            }
            _ = try await runtime.client.streamEvents(.init(sessionID: session, codeLabUser: "u1")).ok
            withExtendedLifetime(first) {}
        }
    }
}
