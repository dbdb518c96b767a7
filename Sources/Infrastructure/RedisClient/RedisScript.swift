internal import Synchronization

/// A script that the server runs as one step (Redis, `EVALSHA`). Its text is sent once a server; afterwards its digest stands for it.
public final class RedisScript: Sendable {
    private let source: String
    private let digest = Mutex<String?>(nil)

    /// - Parameter source: Lua, with `KEYS` and `ARGV`.
    public init(_ source: String) { self.source = source }

    /// Runs the script.
    ///
    /// - Throws: As ``RedisClient/send(_:)-(RedisCommand)``; an error that the script raises is one of the server's.
    @discardableResult
    public func run(on client: RedisClient, keys: [String], arguments: [RedisArgument]) async throws -> RedisValue {
        guard let digest = digest.withLock({ $0 }) else {
            let answer = try await client.send(["SCRIPT", "LOAD", .text(source)])
            guard let text = answer.text else { throw RedisError(.unexpectedReply, "SCRIPT LOAD gave no digest") }
            digest.withLock { $0 = text }
            return try await run(on: client, keys: keys, arguments: arguments)
        }
        do {
            return try await client.send(command("EVALSHA", digest, keys, arguments))
        } catch let error as RedisError where error.prefix == "NOSCRIPT" {
            // Another server, or one that was restarted; EVAL makes it known there too.
            return try await client.send(command("EVAL", source, keys, arguments))
        }
    }

    private func command(_ name: RedisArgument, _ script: String, _ keys: [String], _ arguments: [RedisArgument]) -> RedisCommand {
        RedisCommand([name, .text(script), .integer(keys.count)] + keys.map { .text($0) } + arguments)
    }
}
