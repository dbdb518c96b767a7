import APISupport
import APIWebSocket

/// Prints the first changes of the list, as many as the second argument says (default 3). The server's URL is the first one.
@main
struct ChangesClient {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let most = arguments.count > 1 ? Int32(arguments[1]) ?? 3 : 3
        let client = ChannelClient(serverURL: arguments.first ?? "http://127.0.0.1:8080", transport: WebSocketClient())
        try await client.changes(.init()) { connection in
            try await connection.send(.init(most: most))
            var told = 0
            for try await message in connection.incoming {
                switch message {
                case .message(.added(let change)): print("added \(change.id): \(change.title)")
                case .message(.finished(let change)): print("finished \(change.id)")
                case .invalid(let failure): print("not understood: \(failure.detail)")
                }
                told += 1
                if told == most { break }
            }
        }
    }
}
