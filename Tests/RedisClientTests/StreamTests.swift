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
            let (stream, feed) = AsyncStream<RedisSubscription.Event>.makeStream(bufferingPolicy: .bufferingNewest(100))
            let subscription = RedisSubscription(client.configuration, channels: ["news"], patterns: ["a.*"]) { feed.yield($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await subscription.run() }
                var events = stream.makeAsyncIterator()
                for round in 0..<2 {
                    #expect(await events.next() == .subscribed)
                    #expect(subscription.lastFailure == nil)
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

    @Test("A channel that the user may not hear is a failure with its reason, and is tried again")
    func refusedChannel() async throws {
        try await withRedis(settings: ["user worker on >secret +@all ~* &allowed"]) { client, server in
            var configuration = try RedisConfiguration(url: "redis://worker:secret@127.0.0.1:\(server.port)")
            configuration.commandTimeout = .milliseconds(200)
            let (stream, feed) = AsyncStream<RedisSubscription.Event>.makeStream(bufferingPolicy: .bufferingNewest(100))
            let subscription = RedisSubscription(configuration, channels: ["forbidden"]) { feed.yield($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await subscription.run() }
                try await Deadline.wait("the refusal") { (subscription.lastFailure as? RedisError)?.prefix == "NOPERM" }
                try await client.send(["ACL", "SETUSER", "worker", "&forbidden"])
                var events = stream.makeAsyncIterator()
                #expect(await events.next() == .subscribed)
                group.cancelAll()
            }
        }
    }

    @Test("A connection that waited is used again, and they are bounded; one whose caller is gone is closed")
    func waitingConnections() async throws {
        try await withRedis(configure: { $0.maximumWaitingConnections = 2 }) { client, _ in
            let pop: RedisCommand = ["BLPOP", "list", 0]
            func waiting() async throws -> Int {
                let connections = try #require(try await client.send(["CLIENT", "LIST"]).text).split(separator: "\n")
                return connections.count { $0.contains("name=codelab") } - client.configuration.connections
            }
            func wait() -> Task<RedisValue, any Error> {
                Task { try await client.withWaitingConnection { try await $0.send(pop, timeout: .seconds(60)) } }
            }
            func untilBlocked(_ count: Int) async throws {
                try await Deadline.wait("\(count) commands to block") {
                    try await client.send(["INFO", "clients"]).text?.contains("blocked_clients:\(count)\r\n") == true
                }
            }
            let (first, second) = (wait(), wait())
            try await untilBlocked(2)
            try await expectFailure(.overloaded) { try await wait().value }
            #expect(try await client.send(["ECHO", "x"]).text == "x")
            try await client.send(["RPUSH", "list", "a", "b"])
            let values = [try await first.value, try await second.value]
            #expect(!values.contains(.null))
            let third = wait()
            try await untilBlocked(1)
            #expect(try await waiting() == 2)
            third.cancel()
            await #expect(throws: CancellationError.self) { try await third.value }
            try await Deadline.wait("the connection to be closed") { try await waiting() == 1 }
            try await client.send(["RPUSH", "list", "c"])
            #expect(try await wait().value == .array([text("list"), text("c")]))
            #expect(try await waiting() == 1)
        }
    }
}
