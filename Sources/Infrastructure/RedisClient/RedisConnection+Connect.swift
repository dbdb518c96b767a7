internal import NIOCore
internal import NIOPosix
internal import NIOSSL

extension RedisConnection {
    /// Makes a connection, introduces itself and chooses the database.
    ///
    /// - Parameters:
    ///   - group: Whose event loop serves the connection.
    ///   - receive: Called, on the event loop, for what the server says without being asked; must not wait.
    static func connect(
        _ configuration: RedisConfiguration, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        receive: (@Sendable (RedisValue) -> Void)? = nil
    ) async throws -> RedisConnection {
        let address = try await Self.address(of: configuration)
        let connection = try await open(address, configuration, on: group, receive)
        do {
            try await connection.greet(configuration)
            return connection
        } catch let error as CancellationError {
            connection.close()
            throw error
        } catch {
            connection.close()
            throw RedisError(.connectionFailed, "No connection to \(configuration)", cause: error)
        }
    }

    private func greet(_ configuration: RedisConfiguration) async throws {
        var commands: [RedisCommand] = []
        if let password = configuration.password {
            commands.append(configuration.username.map { ["AUTH", .text($0), .text(password)] } ?? ["AUTH", .text(password)])
        }
        commands.append(["CLIENT", "SETNAME", .text(configuration.clientName)])
        if configuration.database != 0 { commands.append(["SELECT", .integer(configuration.database)]) }
        // A replica that was the master a moment ago refuses writes for ever: better to ask again.
        if case .sentinels = configuration.discovery { commands.append(["ROLE"]) }
        for answer in try await send(commands, timeout: configuration.connectTimeout) {
            if case .error(let text) = answer { throw RedisError(serverMessage: text) }
            if case .array(let role) = answer, role.first?.text != "master" {
                throw RedisError(.connectionFailed, "What the sentinels call the master is none")
            }
        }
    }

    private static func open(
        _ address: RedisConfiguration.Address, _ configuration: RedisConfiguration,
        on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, _ receive: (@Sendable (RedisValue) -> Void)?
    ) async throws -> RedisConnection {
        let context = try configuration.usesTLS ? Self.tlsContext(configuration) : nil
        do {
            return try await ClientBootstrap(group: group)
                .connectTimeout(TimeAmount(configuration.connectTimeout))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .connect(host: address.host, port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let connection = RedisConnection(channel, configuration: configuration, receive: receive)
                        let pipeline = channel.pipeline.syncOperations
                        if let context {
                            // An address is no name to check (RFC 6066 §3), but the certificate may list it.
                            let isAddress = (try? SocketAddress(ipAddress: address.host, port: 0)) != nil
                            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : address.host))
                        }
                        try pipeline.addHandler(RedisChannelHandler(connection, limit: configuration.maximumReplySize))
                        return connection
                    }
                }
        } catch let error as RedisError {
            throw error
        } catch {
            throw RedisError(.connectionFailed, "No connection to \(address.host):\(address.port)", cause: error)
        }
    }

    private static func tlsContext(_ configuration: RedisConfiguration) throws -> NIOSSLContext {
        do {
            var settings = TLSConfiguration.makeClientConfiguration()
            if let file = configuration.trustRoots { settings.trustRoots = .file(file) }
            return try NIOSSLContext(configuration: settings)
        } catch {
            throw RedisError(.configuration, "The trust roots cannot be used", cause: error)
        }
    }

    // MARK: Sentinel

    /// Where the server is now: what the first sentinel that knows it says (Redis, "Guidelines for Redis clients with support for Sentinel").
    private static func address(of configuration: RedisConfiguration) async throws -> RedisConfiguration.Address {
        switch configuration.discovery {
        case .server(let host, let port): return RedisConfiguration.Address(host: host, port: port)
        case .sentinels(let sentinels, let master):
            var last: (any Error)?
            for sentinel in sentinels {
                do {
                    return try await ask(sentinel, for: master, configuration)
                } catch is CancellationError {
                    throw CancellationError()
                } catch {
                    last = error
                }
            }
            throw RedisError(.connectionFailed, "No sentinel knows the master \(master)", cause: last)
        }
    }

    private static func ask(
        _ sentinel: RedisConfiguration.Address, for master: String, _ configuration: RedisConfiguration
    ) async throws -> RedisConfiguration.Address {
        let connection = try await open(sentinel, configuration, nil)
        defer { connection.close() }
        if let password = configuration.sentinelPassword { try await connection.send(["AUTH", .text(password)]) }
        let answer = try await connection.send(
            ["SENTINEL", "get-master-addr-by-name", .text(master)], timeout: configuration.connectTimeout)
        guard case .array(let parts) = answer, parts.count == 2, let host = parts[0].text,
            let port = parts[1].integer.flatMap(Int.init(exactly:))
        else { throw RedisError(.connectionFailed, "The sentinel does not know the master \(master)") }
        return RedisConfiguration.Address(host: host, port: port)
    }
}
