import RedisClient
import TestServers
import Testing

@Suite("Redis: streams and channels")
struct StreamTests {
    @Test("Each entry goes to one member of the group, and is taken over from one that is gone")
    func consumerGroups() async throws {
        try await withRedis { client, _ in
            let stream = RedisStream("events", group: "readers", on: client)
            try await stream.createGroup()
            try await stream.createGroup()
            var ids: [String] = []
            for number in 0..<10 {
                ids.append(try await stream.add([("n", Array(String(number).utf8)), ("b", [0, 255])], maximumLength: 1000))
            }
            let (first, second) = try await client.withDedicatedConnection { connection in
                (
                    try await stream.read("one", count: 6, wait: .seconds(1), on: connection),
                    try await stream.read("two", count: 6, wait: .seconds(1), on: connection)
                )
            }
            #expect(first.map(\.id) + second.map(\.id) == ids)
            #expect(first[3].fields == ["n": Array("3".utf8), "b": [0, 255]])
            #expect(try await stream.acknowledge(second.map(\.id)) == 4)
            #expect(try await stream.acknowledge([]) == 0)
            let claimed = try await stream.claim("two", idleFor: .zero, count: 100)
            #expect(claimed.entries == first && claimed.next == "0-0")
            let none = try await client.withDedicatedConnection { try await stream.read("two", count: 1, wait: .milliseconds(50), on: $0) }
            #expect(none.isEmpty)
        }
    }

    @Test("A stream keeps about as many entries as it should; what was trimmed is not an entry any more")
    func trimming() async throws {
        try await withRedis { client, _ in
            let stream = RedisStream("trimmed", group: "readers", on: client)
            try await stream.createGroup()
            for _ in 0..<10 { try await stream.add([("n", [])], maximumLength: 1000) }
            let had = try await client.withDedicatedConnection { try await stream.read("one", count: 10, wait: .seconds(1), on: $0) }
            #expect(had.count == 10)
            try await client.send(["XTRIM", "trimmed", "MAXLEN", 0])
            #expect(try await stream.claim("two", idleFor: .zero, count: 100).entries.isEmpty)
            for _ in 0..<2000 { try await stream.add([("n", [])], maximumLength: 100) }
            #expect(try #require(try await client.send(["XLEN", "trimmed"]).integer) < 400)
        }
    }

    @Test("Messages arrive, by name and by pattern, also after the server was restarted")
    func subscriptions() async throws {
        try await withRedis { client, server in
            let subscription = RedisSubscription(client.configuration, channels: ["news"], patterns: ["a.*"])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await subscription.run() }
                var events = subscription.events.makeAsyncIterator()
                for round in 0..<2 {
                    #expect(await events.next() == .subscribed)
                    try await client.send(["PUBLISH", "news", .bytes([0, UInt8(round)])])
                    try await client.send(["PUBLISH", "a.b", ""])
                    #expect(await events.next() == .message(channel: "news", payload: [0, UInt8(round)]))
                    #expect(await events.next() == .message(channel: "a.b", payload: []))
                    if round == 0 {
                        server.kill()
                        try await server.start()
                        try await Deadline.wait("the client to be back") { client.isConnected }
                    }
                }
                group.cancelAll()
            }
        }
    }

    @Test("A reader that is too slow loses the oldest messages, and learns that it did")
    func slowReader() async throws {
        try await withRedis { client, _ in
            let subscription = RedisSubscription(client.configuration, channels: ["news"], capacity: 4)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await subscription.run() }
                var events = subscription.events.makeAsyncIterator()
                #expect(await events.next() == .subscribed)
                for number in 0..<100 { try await client.send(["PUBLISH", "news", .bytes([UInt8(number)])]) }
                // Answered after the last message has been handed over.
                try await Deadline.wait("the last message") {
                    try await client.send(["PUBSUB", "NUMSUB", "news"]).array?.last == .integer(1)
                }
                var seen: [RedisSubscription.Event] = []
                for _ in 0..<4 { if let event = await events.next() { seen.append(event) } }
                #expect(seen.contains(.subscribed))
                group.cancelAll()
            }
        }
    }
}
