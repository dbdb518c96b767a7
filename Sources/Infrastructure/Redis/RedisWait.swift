internal import Coordination
internal import RedisClient

/// Waiting on the server, over a connection that nobody else's commands share.
enum RedisWait {
    /// What is longer is cut off.
    static let longest = Duration.seconds(86_400)

    /// Waits for entries of a stream after an id.
    ///
    /// - Parameter duration: How long at most; at least a millisecond.
    /// - Returns: The entries, as XREAD gives them; none when there were none in time.
    static func entries(
        of key: String, after id: String, count: Int, for duration: Duration, on client: RedisClient
    ) async throws -> [RedisValue] {
        // BLOCK 0 would be for ever.
        let duration = min(max(duration, .milliseconds(1)), longest)
        let milliseconds = (duration.microseconds + 999) / 1000
        let command: RedisCommand = [
            "XREAD", "COUNT", .integer(count), "BLOCK", .integer(milliseconds), "STREAMS", .text(key), .text(id),
        ]
        let answer: RedisValue
        do {
            answer = try await client.withWaitingConnection { connection in
                try await connection.send(command, timeout: duration + client.configuration.commandTimeout)
            }
        } catch let error as RedisError where error.code == .overloaded {
            throw TooManyWaiting()
        }
        if answer.isNull { return [] }
        guard let stream = answer.array?.first?.array, stream.count == 2, let entries = stream[1].array else {
            throw RedisError(.unexpectedReply, "The server's answer to XREAD is not what it should be")
        }
        return entries
    }
}
