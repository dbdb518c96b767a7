/// A stream (Redis, "Streams") that is read by the members of one consumer group.
public struct RedisStream: Sendable {
    /// An entry of the stream.
    public struct Entry: Sendable, Equatable {
        /// `milliseconds-number`, given by the server.
        public let id: String
        public let fields: [String: [UInt8]]
    }

    public let key: String
    public let group: String
    private let client: RedisClient

    public init(_ key: String, group: String, on client: RedisClient) {
        self.key = key
        self.group = group
        self.client = client
    }

    // MARK: Writing

    /// Adds an entry.
    ///
    /// - Parameter maximumLength: Entries that are kept, roughly: the server trims when a whole node of its tree can go.
    /// - Returns: The entry's id.
    @discardableResult
    public func add(_ fields: [(name: String, value: [UInt8])], maximumLength: Int) async throws -> String {
        var command: RedisCommand = ["XADD", .text(key), "MAXLEN", "~", .integer(maximumLength), "*"]
        for field in fields {
            command.append(.text(field.name))
            command.append(.bytes(field.value))
        }
        guard let id = try await client.send(command).text else { throw Self.unexpected("XADD") }
        return id
    }

    // MARK: Reading

    /// Makes the stream and the group, unless they are there.
    ///
    /// - Parameter start: The id after which the group begins: `0` for everything, `$` for what comes from now on.
    public func createGroup(from start: String = "0") async throws {
        do {
            try await client.send(["XGROUP", "CREATE", .text(key), .text(group), .text(start), "MKSTREAM"])
        } catch let error as RedisError where error.prefix == "BUSYGROUP" {
            // It is there.
        }
    }

    /// Entries that no member of the group has had; waits for some.
    ///
    /// - Parameters:
    ///   - connection: One of the reader's own (``RedisClient/withDedicatedConnection(_:)``): others' commands would wait as long.
    ///   - wait: How long to wait at most, more than zero.
    /// - Returns: Entries that are the consumer's until it acknowledges them; none when there were none in time.
    public func read(_ consumer: String, count: Int, wait: Duration, on connection: RedisConnection) async throws -> [Entry] {
        let milliseconds = max(1, wait.components.seconds * 1000 + wait.components.attoseconds / 1_000_000_000_000_000)
        let command: RedisCommand = [
            "XREADGROUP", "GROUP", .text(group), .text(consumer), "COUNT", .integer(count), "BLOCK", .integer(milliseconds), "STREAMS",
            .text(key), ">",
        ]
        let answer = try await connection.send(command, timeout: wait + client.configuration.commandTimeout)
        if answer.isNull { return [] }
        guard let stream = answer.array?.first?.array, stream.count == 2, let entries = stream[1].array else {
            throw Self.unexpected("XREADGROUP")
        }
        return try entries.compactMap(Self.entry)
    }

    /// Takes over entries that another member has had for too long without acknowledging them: it is gone, or failed.
    ///
    /// - Returns: The entries, and where to go on; `0-0` when all have been looked at.
    public func claim(
        _ consumer: String, idleFor idle: Duration, from start: String = "0-0", count: Int
    ) async throws -> (entries: [Entry], next: String) {
        let milliseconds = idle.components.seconds * 1000 + idle.components.attoseconds / 1_000_000_000_000_000
        let answer = try await client.send([
            "XAUTOCLAIM", .text(key), .text(group), .text(consumer), .integer(milliseconds), .text(start), "COUNT", .integer(count),
        ])
        guard let parts = answer.array, parts.count >= 2, let next = parts[0].text, let entries = parts[1].array else {
            throw Self.unexpected("XAUTOCLAIM")
        }
        return (try entries.compactMap(Self.entry), next)
    }

    /// Says that entries have been dealt with.
    ///
    /// - Returns: How many were the group's.
    @discardableResult
    public func acknowledge(_ ids: [String]) async throws -> Int {
        guard !ids.isEmpty else { return 0 }
        let answer = try await client.send(RedisCommand(["XACK", .text(key), .text(group)] + ids.map { .text($0) }))
        guard let count = answer.integer else { throw Self.unexpected("XACK") }
        return Int(count)
    }

    /// nil: an entry that was trimmed before it was read.
    private static func entry(_ value: RedisValue) throws -> Entry? {
        guard let parts = value.array else {
            if value.isNull { return nil }
            throw unexpected("an entry")
        }
        guard parts.count == 2, let id = parts[0].text else { throw unexpected("an entry") }
        guard let list = parts[1].array else { return nil }
        var fields: [String: [UInt8]] = [:]
        for index in stride(from: 0, to: list.count - 1, by: 2) {
            guard let name = list[index].text, let value = list[index + 1].bytes else { throw unexpected("an entry") }
            fields[name] = value
        }
        return Entry(id: id, fields: fields)
    }

    private static func unexpected(_ what: String) -> RedisError {
        RedisError(.unexpectedReply, "The server's answer to \(what) is not what it should be")
    }
}
