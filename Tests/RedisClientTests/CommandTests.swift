import Foundation
import RedisClient
import TestServers
import Testing

@Suite("Redis: commands")
struct CommandTests {
    @Test("Every kind of answer arrives")
    func answers() async throws {
        try await withRedis { client, _ in
            let bytes: [UInt8] = [0, 13, 10, 255, 36]
            #expect(try await client.send(["SET", "k\r\n\0", .bytes(bytes)]) == .status("OK"))
            #expect(try await client.send(["GET", "k\r\n\0"]).bytes == bytes)
            #expect(try await client.send(["GET", "none"]) == .null)
            #expect(try await client.send(["INCRBY", "n", .integer(Int64.max)]) == .integer(.max))
            #expect(try await client.send(["SET", "empty", ""]) == .status("OK"))
            #expect(try await client.send(["GET", "empty"]) == .string([]))
            let nested = try await client.send(["EVAL", "return {1, {'a', {false, {}}}, redis.status_reply('fine')}", 0])
            #expect(nested == .array([.integer(1), .array([text("a"), .array([.null, .array([])])]), .status("fine")]))
            try await expectFailure(.server, prefix: "WRONGTYPE") { try await client.send(["LPUSH", "empty", "x"]) }
            try await expectFailure(.server, prefix: "ERR") { try await client.send(["NOSUCHCOMMAND"]) }
        }
    }

    @Test("Thousands of callers share the connections, each gets its own answer", arguments: [false, true])
    func pipelining(onItsExecutor: Bool) async throws {
        try await withRedis { client, _ in
            try await withTaskExecutorPreference(onItsExecutor ? client.executor : nil) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<5000 {
                        group.addTask {
                            let answer = try await client.send(["ECHO", .integer(number)])
                            #expect(answer.integer == Int64(number))
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let connections = try #require(try await client.send(["CLIENT", "LIST"]).text).split(separator: "\n")
            #expect(connections.filter { $0.contains("name=codelab") }.count == client.configuration.connections)
        }
    }

    @Test("Commands sent together stay together")
    func transactions() async throws {
        try await withRedis { client, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        let answers = try await client.send([["MULTI"], ["INCR", "n"], ["INCR", "n"], ["LPUSH", "n", "x"], ["EXEC"]])
                        let results = try #require(answers.last?.array)
                        #expect(try #require(results[0].integer) + 1 == results[1].integer)
                        guard case .error(let text) = results[2] else { throw NoFailure() }
                        #expect(text.hasPrefix("WRONGTYPE"))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.send(["GET", "n"]).integer == 200)
        }
    }

    @Test("A script is sent once, and again to a server that does not know it")
    func scripts() async throws {
        try await withRedis { client, _ in
            let script = RedisScript("return {KEYS[1], ARGV[1], redis.call('INCR', KEYS[1])}")
            for round in 1...3 {
                #expect(
                    try await script.run(on: client, keys: ["k"], arguments: [5]) == .array([text("k"), text("5"), .integer(Int64(round))]))
                if round == 2 { try await client.send(["SCRIPT", "FLUSH"]) }
            }
            let failing = RedisScript("return redis.error_reply('MINE no')")
            try await expectFailure(.server, prefix: "MINE") { try await failing.run(on: client, keys: [], arguments: []) }
        }
    }

    @Test("A cancelled caller does not disturb the answers of the others", arguments: [false, true])
    func cancellation(onItsExecutor: Bool) async throws {
        try await withRedis(configure: { $0.connections = 1 }) { client, _ in
            let executor = onItsExecutor ? client.executor : nil
            try await withTaskExecutorPreference(executor) {
                try await client.withDedicatedConnection { blocker in
                    let blocked = Task(executorPreference: executor) {
                        try await blocker.send(["BLPOP", "list", 0], timeout: .seconds(60))
                    }
                    try await Deadline.wait("the command to block") {
                        try await client.send(["INFO", "clients"]).text?.contains("blocked_clients:1") == true
                    }
                    blocked.cancel()
                    await #expect(throws: CancellationError.self) { try await blocked.value }
                    // Its answer comes still, and is not mistaken for this one's.
                    async let pong = blocker.send(["ECHO", "mine"])
                    try await client.send(["RPUSH", "list", "theirs"])
                    #expect(try await pong.text == "mine")
                }
                let cancelled = Task(executorPreference: executor) {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try await client.send(["ECHO", "x"])
                }
                await #expect(throws: CancellationError.self) { try await cancelled.value }
                #expect(try await client.send(["ECHO", "y"]).text == "y")
            }
        }
    }

    @Test("Users, passwords and databases")
    func credentials() async throws {
        try await withRedis(settings: ["user worker on >secret ~* +@all"]) { client, server in
            var configuration = try RedisConfiguration(url: "redis://worker:secret@127.0.0.1:\(server.port)/3")
            try await RedisClient.withClient(configuration) { other in
                #expect(try await other.send(["ACL", "WHOAMI"]).text == "worker")
                try await other.send(["SET", "three", "3"])
            }
            #expect(try await client.send(["GET", "three"]) == .null)
            configuration.password = "hunter2"
            configuration.commandTimeout = .milliseconds(500)
            let error = try await expectFailure(.connectionFailed) {
                try await RedisClient.withClient(configuration) { try await $0.send(["PING"]) }
            }
            #expect("\(error)".contains("WRONGPASS") && !"\(error)".contains("hunter2"))
        }
    }

    @Test("TLS: a certificate of one's own is trusted when it is named, and only then")
    func encryption() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "codelab-redis-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (settings, certificate) = try await RedisServer.makeCertificate(in: folder)
        let server = try await RedisServer(settings: settings)
        do {
            for host in ["127.0.0.1", "localhost"] {
                let url = server.url.replacing("redis://", with: "rediss://").replacing("127.0.0.1", with: host)
                let trusting = try RedisConfiguration(url: "\(url)?ca=\(certificate)")
                #expect(try await RedisClient.withClient(trusting) { try await $0.send(["PING"]) } == .status("PONG"))
                var doubting = try RedisConfiguration(url: url)
                doubting.commandTimeout = .milliseconds(500)
                try await expectFailure(.connectionFailed) { try await RedisClient.withClient(doubting) { try await $0.send(["PING"]) } }
            }
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    @Test(
        "URLs that cannot be used say why, and nothing of themselves",
        arguments: [
            "http://h", "redis://h:port", "redis://h:0", "redis://:se%zzcret@h", "redis://h/x", "redis://a,b", "redis+sentinel://h",
            "redis://h?x=secret",
            "secret",
        ])
    func invalidURLs(url: String) async throws {
        let error = try await expectFailure(.configuration) { try RedisConfiguration(url: url) }
        #expect(!"\(error)".contains("secret") && !"\(error)".contains("cret@"))
    }

    @Test("URLs in full")
    func urls() throws {
        let sentinel = try RedisConfiguration(url: "rediss+sentinel://u:p%3A@a,[::1]:7,b:8/main/2?sentinel_password=s")
        #expect(
            sentinel.discovery
                == .sentinels([.init(host: "a", port: 26379), .init(host: "::1", port: 7), .init(host: "b", port: 8)], master: "main"))
        #expect(sentinel.username == "u" && sentinel.password == "p:" && sentinel.database == 2 && sentinel.usesTLS)
        #expect(sentinel.sentinelPassword == "s" && sentinel.description == "main by a:26379,::1:7,b:8, database 2")
    }
}
