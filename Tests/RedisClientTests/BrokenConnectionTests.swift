import RedisClient
import TestServers
import Testing

/// Connections that break as networks break them: between the client and a healthy server.
@Suite("Redis: broken connections", .serialized)
struct BrokenConnectionTests {
    private func withProxy(_ body: (RedisClient, FaultyProxy) async throws -> Void) async throws {
        try await withRedis { _, server in
            let proxy = try FaultyProxy(to: server.port)
            defer { proxy.stop() }
            var configuration = try RedisConfiguration(url: server.url.replacing(":\(server.port)", with: ":\(proxy.port)"))
            configuration.connections = 1
            configuration.commandTimeout = .milliseconds(500)
            try await RedisClient.withClient(configuration) { try await body($0, proxy) }
        }
    }

    @Test(
        "Cut in the middle of an answer: a typed error, and the next command finds a new connection", arguments: [1, 5, 8, 5000],
        [FaultyProxy.End.closed, .reset])
    func cutInAnswer(bytes: Int, end: FaultyProxy.End) async throws {
        try await withProxy { client, proxy in
            let value = [UInt8](repeating: 0xC3, count: 10_000)
            try await client.send(["SET", "k", .bytes(value)])
            proxy.cut(after: bytes, end)
            try await expectFailure(.connectionLost) { try await client.send(["GET", "k"]) }
            #expect(try await client.send(["GET", "k"]).bytes == value)
        }
    }

    @Test("Cut between the answers of many: who has one has it, the others fail, and nothing is done twice")
    func cutBetweenAnswers() async throws {
        try await withProxy { client, proxy in
            try await client.send(["SET", "n", 0])
            proxy.cut(after: 10, .closed)
            let answers = await withTaskGroup(of: Int64?.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        do {
                            return try await client.send(["INCR", "n"]).integer
                        } catch {
                            return nil
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let confirmed = answers.compactMap(\.self)
            #expect(confirmed.count < 50 && Set(confirmed).count == confirmed.count)
            let final = try #require(try await client.send(["GET", "n"]).integer)
            #expect(final <= 50 && final >= Int64(confirmed.count) && confirmed.allSatisfy { $0 <= final })
        }
    }

    @Test("Half open: a command ends with its time, and the next one finds a new connection")
    func halfOpen() async throws {
        try await withProxy { client, proxy in
            try await client.send(["SET", "k", "v"])
            proxy.silence()
            let start = ContinuousClock.now
            try await expectFailure(.timeout) { try await client.send(["GET", "k"]) }
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(try await client.send(["GET", "k"]).text == "v")
        }
    }
}
