import APISupport
import Coordination
import HTTPTypes
import RuntimeAPI
import Synchronization
import Testing

@testable import RuntimeHandlers

@Suite("Replicas", .timeLimit(.minutes(1)))
struct ReplicaTests {
    private typealias Harness = ReplicasHarness
    private static let read = ("c1", "read_file", #"{"path":"a.txt"}"#)
    private static let write = ("c2", "write_file", #"{"path":"a.txt","content":"x"}"#)

    // MARK: Passing requests on

    @Test("What is said to one replica is done by the one that has the session, and heard through either")
    func conversation() async throws {
        try await Harness.run(b: [.calls(Self.read), .calls(Self.write), .silence([.textDelta("Half")])]) { replicas in
            let (a, b) = (replicas.a.harness, replicas.b.harness)
            let session = try await a.makeSession()
            var here = try await b.reader(of: session)
            var there = try await a.reader(of: session)
            try await a.say("Go.", into: session)
            #expect(try await there.toolCalls().map(\.callID) == ["c1"])
            try await a.send(.toolResult(.init(callID: "c1", result: "x")), into: session)
            #expect(try await there.toolCalls().map(\.callID) == ["c2"])
            #expect(try await here.toolCalls(2).map(\.callID) == ["c1", "c2"])
            // The ids are the same, so that a reader can go on at the other replica.
            #expect(there.lastID != nil && there.lastID == here.lastID)
            _ = try await here.events { $0.type == "approval_required" }
            var resumed = try await a.reader(of: session, after: there.lastID)
            #expect(try await resumed.next()?.type == "approval_required")

            #expect(try await a.pendingApprovals(session).map(\.callID) == ["c2"])
            #expect(try await b.pendingApprovals(session) == (try await a.pendingApprovals(session)))
            try await a.send(.hitlDecision(.init(callID: "c2", decision: .approve)), into: session)
            try await a.send(.toolResult(.init(callID: "c2", result: "x")), into: session)
            _ = try await there.events { $0.type == "text_delta" }
            // What the one that has it refuses is refused as it is.
            guard case .conflict(let problem) = try await a.put(.userMessage(.init(content: "Me too.")), into: session) else {
                Issue.record("A second turn was accepted")
                return
            }
            #expect(problem.type == "urn:codelab:problem:turn-running")
            try await a.send(.cancel(.init()), into: session)
            #expect(try await there.turn().last?.type == "turn_cancelled")
            #expect(try await here.turn().last?.type == "turn_cancelled")
            #expect(a.model.requests.isEmpty)
            #expect(Set(replicas.network.operations) == ["b postMessage", "b streamEvents", "b listPendingApprovals"])

            try await a.client.deleteSession(.init(sessionID: session, codeLabUser: "u1")).noContent
            #expect(try await there.next() == nil)
            #expect(try await here.next() == nil)
            #expect(try await replicas.leases.holder(of: "session:\(session)") == nil)
            guard case .notFound = try await b.put(.userMessage(.init(content: "Go.")), into: session) else {
                Issue.record("A deleted session took a message")
                return
            }
        }
    }

    @Test("Of others' sessions a replica tells nothing, and asks nobody")
    func ownership() async throws {
        try await Harness.run { replicas in
            let session = try await replicas.a.harness.makeSession()
            _ = try await replicas.a.harness.pendingApprovals(session)
            for replica in [replicas.a, replicas.b] {
                for id in [session, "sess_none", "no/session"] {
                    let input = Operations.ListPendingApprovals.Input(sessionID: id, codeLabUser: "u2")
                    guard case .notFound = try await replica.client.listPendingApprovals(input) else {
                        Issue.record("\(id) was found")
                        return
                    }
                }
            }
            #expect(replicas.network.operations.isEmpty)
            #expect(try await replicas.leases.holder(of: "session:sess_none") == nil)
        }
    }

    @Test("What has been passed on once is not passed on again, nor does it move a session")
    func noLoops() async throws {
        try await Harness.run { replicas in
            let session = try await replicas.a.harness.makeSession()
            let input = Operations.ListPendingApprovals.Input(sessionID: session, codeLabUser: "u1", codeLabForwarded: true)
            // Nobody has it; then another replica has.
            for replica in [replicas.b, replicas.a] {
                guard case .serviceUnavailable(let answer) = try await replica.client.listPendingApprovals(input) else {
                    Issue.record("It was answered")
                    return
                }
                #expect(answer.body.type == "urn:codelab:problem:session-unavailable")
                #expect(answer.retryAfter == 5)
                _ = try await replicas.b.harness.pendingApprovals(session)
            }
            #expect(replicas.network.operations.isEmpty)
        }
    }

    @Test("A replica that has just lost a session says so, and the one that asked takes it")
    func moved() async throws {
        try await Harness.run { replicas in
            let session = try await replicas.a.harness.makeSession()
            // As the keeper tells it, b has it; b knows nothing of that, and gives it up while it is asked.
            let lease = try #require(
                try await replicas.leases.acquire("session:\(session)", for: .seconds(60), holder: replicas.b.registry.name.description))
            await #expect(throws: UnexpectedOutput.self) { try await replicas.a.harness.pendingApprovals(session) }
            #expect(replicas.network.operations == ["b listPendingApprovals", "b listPendingApprovals"])
            try await replicas.leases.release(lease)
            #expect(try await replicas.a.harness.pendingApprovals(session).isEmpty)
            #expect(replicas.a.registry.sessionInMemory(session) != nil)
        }
    }

    // MARK: Replicas that go

    @Test("After a replica was killed its session is unavailable until the lease ends; then it goes on elsewhere")
    func killed() async throws {
        try await Harness.run(a: [.calls(Self.read)], b: [.text("Where were we?")]) { replicas in
            let (a, b) = (replicas.a.harness, replicas.b.harness)
            let session = try await a.makeSession()
            _ = try await a.pendingApprovals(session)
            var there = try await b.reader(of: session)
            try await a.say("Go.", into: session)
            _ = try await there.toolCalls()
            let last = there.lastID
            await replicas.advance(by: 40)
            #expect(try await a.session(session).state == .running)

            await replicas.a.die()
            guard case .serviceUnavailable(let answer) = try await b.put(.userMessage(.init(content: "Go on.")), into: session) else {
                Issue.record("A session of a replica that is gone was served")
                return
            }
            #expect(answer.body.type == "urn:codelab:problem:session-unavailable")
            #expect(answer.retryAfter == 5)
            #expect(try await b.session(session).state == .running)

            await replicas.advance(by: 15)
            guard case .gone = try await b.client.streamEvents(.init(sessionID: session, lastEventID: last, codeLabUser: "u1")) else {
                Issue.record("Events of a replica that is gone were promised")
                return
            }
            #expect(try await b.session(session).state == .interrupted)
            var next = try await b.reader(of: session)
            try await b.say("Go on.", into: session)
            #expect(try await next.turn().last?.type == "turn_completed")
            let shown = try #require(b.model.requests.first?.messages)
            #expect(shown.map(\.role) == [.user, .assistant, .tool, .user])
        }
    }

    @Test("A replica that stood still finds itself fenced, ends the turn, and changes nothing")
    func frozen() async throws {
        try await Harness.run(a: [.calls(Self.read)], b: [.text("Where were we?")]) { replicas in
            let (a, b) = (replicas.a.harness, replicas.b.harness)
            let session = try await a.makeSession()
            var reader = try await a.reader(of: session)
            try await a.say("Go.", into: session)
            _ = try await reader.toolCalls()
            var through = try await b.reader(of: session)

            replicas.a.freeze()
            await replicas.advance(by: 15)
            // Its stream says nothing: whoever passes it on ends it.
            await replicas.advance(by: 5)
            #expect(try await through.next() == nil)
            var next = try await b.reader(of: session)
            try await b.say("Go on.", into: session)
            #expect(try await next.turn().last?.type == "turn_completed")
            let history = try await b.history(session)

            // By its own clock a has the session still.
            try await a.send(.toolResult(.init(callID: "c1", result: "late")), into: session)
            guard case .turnFailed(let failed) = try await reader.turn().last else {
                Issue.record("The turn went on")
                return
            }
            #expect(failed.code == .interrupted && failed.retryable)
            #expect(try await reader.next() == nil)
            #expect(try await b.history(session) == history)
            #expect(try await b.session(session).state == .idle)
            // From now on a asks b.
            #expect(try await a.pendingApprovals(session).isEmpty)
            #expect(replicas.network.operations.last == "b listPendingApprovals")
        }
    }

    @Test("A replica that stops gives its sessions back at once, their turns marked")
    func stopped() async throws {
        try await Harness.run(a: [.calls(Self.read)], b: [.text("Where were we?")]) { replicas in
            let (a, b) = (replicas.a.harness, replicas.b.harness)
            let session = try await a.makeSession()
            var reader = try await a.reader(of: session)
            try await a.say("Go.", into: session)
            _ = try await reader.toolCalls()
            await replicas.a.stop()
            guard case .turnFailed(let failed) = try await reader.next() else {
                Issue.record("The reader was not told")
                return
            }
            #expect(failed.code == .interrupted)
            #expect(try await reader.next() == nil)
            #expect(try await b.session(session).state == .interrupted)
            #expect(try await replicas.leases.holder(of: "session:\(session)") == nil)
            var next = try await b.reader(of: session)
            try await b.say("Go on.", into: session)
            #expect(try await next.turn().last?.type == "turn_completed")
            // It takes nothing any more; requests that still come to it are passed on.
            #expect(try await a.pendingApprovals(session).isEmpty)
        }
    }

    @Test("Turns that nobody runs are found without a request")
    func sweeping() async throws {
        try await Harness.run(a: [.calls(Self.read), .calls(Self.read)], b: [.calls(Self.read)]) { replicas in
            let mine = try await replicas.b.harness.makeSession()
            let theirs = [try await replicas.a.harness.makeSession(), try await replicas.a.harness.makeSession()]
            try await replicas.b.harness.say("Go.", into: mine)
            for session in theirs { try await replicas.a.harness.say("Go.", into: session) }
            await replicas.a.die()
            await replicas.advance(by: 40)
            for session in theirs {
                while try await replicas.b.harness.session(session).state != .interrupted { await Task.yield() }
                #expect(try await replicas.leases.holder(of: "session:\(session)") == nil)
            }
            #expect(try await replicas.b.harness.session(mine).state == .running)
        }
    }

    @Test("When the leases cannot be renewed, sessions end before others may have them", arguments: [true, false])
    func leasesUnreachable(isSilent: Bool) async throws {
        try await Harness.run(a: [.silence([.textDelta("Half")])]) { replicas in
            let a = replicas.a.harness
            let session = try await a.makeSession()
            var reader = try await a.reader(of: session)
            try await a.say("Go.", into: session)
            _ = try await reader.events { $0.type == "text_delta" }
            let end = try #require(replicas.a.registry.earliestEnd)
            replicas.leases.set(isSilent ? .silent : .failing)
            // Up to a moment before the end it goes on.
            replicas.a.clock.advance(by: end - replicas.a.clock.moment().uptime - .milliseconds(1))
            #expect(replicas.a.registry.sessionInMemory(session) != nil)
            replicas.a.clock.advance(by: .milliseconds(1))
            #expect(replicas.a.registry.sessionInMemory(session) == nil)
            guard case .turnFailed(let failed) = try await reader.turn().last else {
                Issue.record("The turn went on")
                return
            }
            #expect(failed.code == .interrupted)
            #expect(try await reader.next() == nil)
            while a.model.cancelledCalls == 0 { await Task.yield() }
            guard !isSilent else { return }
            guard case .serviceUnavailable(let answer) = try await a.put(.userMessage(.init(content: "Go on.")), into: session) else {
                Issue.record("A session without a lease took a message")
                return
            }
            #expect(answer.retryAfter == 5)
            // What needs no lease is served nevertheless.
            #expect(try await a.history(session).messages.count == 1)
        }
    }

    @Test("A replica that answers nothing is given up on in time")
    func silentReplica() async throws {
        try await Harness.run { replicas in
            let session = try await replicas.a.harness.makeSession()
            _ = try await replicas.a.harness.pendingApprovals(session)
            replicas.network.set(.silent, "a")
            await replicas.b.settle()
            let waiting = replicas.b.clock.sleepers
            async let output = replicas.b.client.listPendingApprovals(.init(sessionID: session, codeLabUser: "u1"))
            while replicas.b.clock.sleepers == waiting || replicas.network.operations.isEmpty { await Task.yield() }
            replicas.b.clock.advance(by: .seconds(10))
            guard case .serviceUnavailable = try await output else {
                Issue.record("It was answered")
                return
            }
        }
    }

    // MARK: Leases

    @Test("A lease is given back when its session is not used any more, however long it lasts", arguments: [15, 1_000_000_000])
    func release(seconds: Int) async throws {
        try await Harness.run {
            $0.cachedSessions = 1
            $0.sessionLease = .seconds(seconds)
        } body: { replicas in
            let a = replicas.a.harness
            let sessions = [try await a.makeSession(), try await a.makeSession(), try await a.makeSession()]
            let reader = try await a.reader(of: sessions[0])
            for session in sessions { _ = try await a.pendingApprovals(session) }
            for session in sessions { #expect(try await replicas.leases.holder(of: "session:\(session)") != nil) }
            await replicas.advance(by: 6)
            while try await replicas.leases.holder(of: "session:\(sessions[1])") != nil { await Task.yield() }
            // One is read, the other was used last.
            #expect(try await replicas.leases.holder(of: "session:\(sessions[0])") != nil)
            #expect(try await replicas.leases.holder(of: "session:\(sessions[2])") != nil)
            #expect(try await replicas.b.harness.pendingApprovals(sessions[1]).isEmpty)
            #expect(replicas.network.operations.isEmpty)
            withExtendedLifetime(reader) {}
        }
    }

    @Test("A lease that was taken for a caller who went away stands in nobody's way")
    func orphan() async throws {
        try await Harness.run { replicas in
            let session = try await replicas.a.harness.makeSession()
            replicas.leases.set(.interruptingNextAcquisition)
            await #expect(throws: UnexpectedOutput.self) { try await replicas.a.harness.pendingApprovals(session) }
            let orphan = try #require(try await replicas.leases.holder(of: "session:\(session)"))
            #expect(try await replicas.a.harness.pendingApprovals(session).isEmpty)
            let holder = try #require(try await replicas.leases.holder(of: "session:\(session)"))
            #expect(holder.fencingToken > orphan.fencingToken)
        }
    }

    @Test("Of a hundred requests at once, at both replicas, all are answered by one of them")
    func contention() async throws {
        try await Harness.run { replicas in
            let session = try await replicas.a.harness.makeSession()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    let replica = number.isMultiple(of: 2) ? replicas.a : replicas.b
                    group.addTask {
                        let approvals = try await replica.harness.pendingApprovals(session)
                        #expect(approvals.isEmpty)
                    }
                }
                try await group.waitForAll()
            }
            #expect([replicas.a, replicas.b].filter { $0.registry.sessionInMemory(session) != nil }.count == 1)
        }
    }

    @Test("Who waits at the gate for a key can go away, and is not waited for")
    func gate() async throws {
        let gate = KeyedGate()
        let entered = Signal()
        let leave = Signal()
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await gate.pass("k") {
                    entered.notify()
                    await leave.wait()
                    return 1
                }
            }
            await entered.wait()
            await withThrowingTaskGroup(of: Void.self) { waiting in
                waiting.addTask { () async throws -> Void in
                    try await gate.pass("k") { () -> Void in Issue.record("Two passed at once") }
                }
                waiting.cancelAll()
                await #expect(throws: CancellationError.self) { try await waiting.waitForAll() }
            }
            // Another key's gate is open meanwhile.
            let other = try await gate.pass("other") { 2 }
            #expect(other == 2)
            group.addTask { () async throws -> Int in try await gate.pass("k") { 3 } }
            leave.notify()
            let passed = try await group.reduce(into: []) { $0.append($1) }
            #expect(passed.sorted() == [1, 3])
        }
    }

    @Test("Whatever happens, no two replicas have a session")
    func exclusion() async throws {
        var generator = SeededGenerator(state: 7)
        try await Harness.run {
            $0.cachedSessions = 2
        } body: { replicas in
            let members = [replicas.a, replicas.b]
            var sessions: [String] = []
            for _ in 0..<4 { sessions.append(try await replicas.a.harness.makeSession()) }
            var served = 0
            for step in 0..<400 {
                let replica = members[Int.random(in: 0..<2, using: &generator)]
                let session = sessions[Int.random(in: 0..<4, using: &generator)]
                switch Int.random(in: 0..<10, using: &generator) {
                case 0..<6:
                    let output = try await replica.client.listPendingApprovals(.init(sessionID: session, codeLabUser: "u1"))
                    if case .ok = output { served += 1 }
                case 6: await replicas.advance(by: Int.random(in: 1...7, using: &generator))
                case 7:
                    let token = replica.registry.state.withLock { $0.entries[session]?.lease.fencingToken }
                    if let token { await replica.registry.lose(session, fencingToken: token) }
                case 8: replicas.network.set(Bool.random(using: &generator) ? .unreachable : .reachable, replica === replicas.a ? "a" : "b")
                default:
                    replicas.leases.set(Bool.random(using: &generator) ? .failing : .interruptingNextAcquisition)
                    _ = try await replica.client.listPendingApprovals(.init(sessionID: session, codeLabUser: "u1"))
                    replicas.leases.set(.answering)
                }
                for session in sessions {
                    let having = members.filter { $0.registry.sessionInMemory(session) != nil }
                    #expect(having.count <= 1, "step \(step), \(session)")
                }
            }
            #expect(served > 100)
        }
    }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
