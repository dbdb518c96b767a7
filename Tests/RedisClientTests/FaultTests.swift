import NIOCore
import NIOPosix
import RedisClient
import TestServers
import Testing

/// Servers that die, freeze, move or talk nonsense.
@Suite("Redis: faults")
struct FaultTests {
    @Test("Killed in mid-command and started again: typed errors, then everything as before")
    func killedServer() async throws {
        try await withRedis { client, server in
            try await client.withDedicatedConnection { connection in
                let blocked = Task { try await connection.send(["BLPOP", "list", 0], timeout: .seconds(60)) }
                try await Deadline.wait("the command to block") {
                    try await client.send(["INFO", "clients"]).text?.contains("blocked_clients:1") == true
                }
                server.kill()
                try await expectFailure(.connectionLost) { try await blocked.value }
                try await expectFailure(.closed) { try await connection.send(["PING"]) }
            }
            try await Deadline.wait("the client to notice") { !client.isConnected }
            async let waiting = client.send(["PING"])
            try await server.start()
            #expect(try await waiting == .status("PONG"))
        }
    }

    @Test("Frozen: callers get a timeout, what waits is bounded, and afterwards all is well")
    func frozenServer() async throws {
        let configure = { (configuration: inout RedisConfiguration) in
            configuration.commandTimeout = .milliseconds(500)
            configuration.connectTimeout = .milliseconds(500)
            configuration.connections = 1
            configuration.maximumPendingCommands = 100
        }
        try await withRedis(configure: configure) { client, server in
            try await client.send(["PING"])
            server.freeze(true)
            let codes = await withTaskGroup(of: RedisError.Code?.self) { group in
                for _ in 0..<1000 {
                    group.addTask {
                        do {
                            try await client.send(["PING"])
                            return nil
                        } catch {
                            return (error as? RedisError)?.code
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            server.freeze(false)
            let expected: Set<RedisError.Code?> = [.timeout, .overloaded, .connectionFailed]
            #expect(codes.allSatisfy(expected.contains))
            #expect(codes.count { $0 == .overloaded } >= 800 && codes.count { $0 == .timeout } >= 1)
            try await Deadline.wait("the client to be back") {
                do {
                    return try await client.send(["PING"]) == .status("PONG")
                } catch is RedisError {
                    return false
                }
            }
        }
    }

    @Test("The sentinels say where the master is, also when that is another one")
    func failover() async throws {
        let master = try await RedisServer()
        var servers = [master]
        do {
            let replica = try await RedisServer(settings: ["replicaof 127.0.0.1 \(master.port)"])
            servers.append(replica)
            let sentinel = try await RedisServer(watching: master)
            servers.append(sentinel)
            let dead = try FreePort.next()
            let url = "redis+sentinel://:p%40ss%20word@127.0.0.1:\(dead),127.0.0.1:\(sentinel.port)/codelab"
            try await RedisClient.withClient(try RedisConfiguration(url: url)) { client in
                #expect(try await client.send(["CONFIG", "GET", "port"]).array?.last?.integer == Int64(master.port))
                // The first synchronisation of a replica takes its time; whoever waits for it has a connection of its own.
                try await client.withDedicatedConnection { connection in
                    try await connection.send(["SET", "k", "v"])
                    #expect(try await connection.send(["WAIT", 1, 30_000], timeout: .seconds(40)) == .integer(1))
                }
                var plain = RedisConfiguration(host: "127.0.0.1", port: sentinel.port)
                plain.connections = 1
                try await RedisClient.withClient(plain) { observer in
                    try await Deadline.wait("the sentinel to know the replica") {
                        try await observer.send(["SENTINEL", "REPLICAS", "codelab"]).array?.count == 1
                    }
                }
                master.kill()
                try await Deadline.wait("the replica to take over") {
                    do {
                        return try await client.send(["CONFIG", "GET", "port"]).array?.last?.integer == Int64(replica.port)
                    } catch is RedisError {
                        return false
                    }
                }
                #expect(try await client.send(["GET", "k"]).text == "v")
            }
        } catch {
            for server in servers { try await server.stop() }
            throw error
        }
        for server in servers { try await server.stop() }
    }

    @Test(
        "What is no answer ends the connection, not the process",
        arguments: [
            "*99999999999\r\n", "*1000000000\r\n$3\r\n", "$99999999999999999999\r\n", "$-5\r\n", "hello\r\n", ":12x\r\n",
            "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", "$5\r\nab", "*3\r\n:1\r\n", "",
        ])
    func nonsense(answer: String) async throws {
        try await withImpostor(answering: [UInt8](answer.utf8)) { configuration in
            let error = try await expectAnyFailure { try await RedisClient.withClient(configuration) { try await $0.send(["PING"]) } }
            #expect([.connectionFailed, .connectionLost, .invalidReply].contains(error.code), "\(error)")
        }
    }

    @Test("An answer without end is cut off at its limit")
    func endlessAnswer() async throws {
        try await withRedis(configure: { $0.maximumReplySize = 1 << 20 }) { client, _ in
            try await client.send(["SETRANGE", "large", 5_000_000, "x"])
            try await expectFailure(.invalidReply) { try await client.send(["GET", "large"]) }
            #expect(try await client.send(["GETRANGE", "large", 0, 500_000]).bytes?.count == 500_001)
        }
    }

    private func expectAnyFailure(of body: () async throws -> some Any) async throws -> RedisError {
        do {
            _ = try await body()
        } catch let error as RedisError {
            return error
        }
        throw NoFailure()
    }

    /// Something that listens, says its piece to whoever connects, and hangs up.
    private func withImpostor(answering answer: [UInt8], _ body: (RedisConfiguration) async throws -> Void) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Impostor(answer: answer)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        var configuration = RedisConfiguration(host: "127.0.0.1", port: port)
        configuration.commandTimeout = .milliseconds(400)
        do {
            try await body(configuration)
        } catch {
            try await server.close()
            throw error
        }
        try await server.close()
    }
}

private final class Impostor: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: [UInt8]

    init(answer: [UInt8]) { self.answer = answer }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
        context.close(promise: nil)
    }
}
