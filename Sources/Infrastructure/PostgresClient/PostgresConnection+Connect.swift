internal import CPostgres
internal import Dispatch
internal import Glibc
internal import Synchronization

extension PostgresConnection {
    /// Makes a connection.
    ///
    /// libpq looks names up and tries one host after the other while its caller waits: that happens on a thread of the system's, each host within
    /// ``PostgresConfiguration/connectTimeout``. When the task is cancelled, the caller returns at once, and the connection is closed as soon as
    /// it is there.
    ///
    /// - Parameter receive: Called for each notification (see ``PostgresListener``), on the thread that reads; must not wait.
    /// - Throws: ``PostgresError`` of code `configuration` or `connectionFailed`.
    static func connect(
        _ configuration: PostgresConfiguration, receive: (@Sendable (PostgresNotification) -> Void)? = nil
    ) async throws -> PostgresConnection {
        let parameters = try configuration.parameters()
        let attempt = Attempt()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard attempt.begin(continuation) else { return continuation.resume(throwing: CancellationError()) }
                DispatchQueue.global().async {
                    attempt.resolve(Result { try Self.establish(parameters, configuration, receive) })
                }
            }
        } onCancel: {
            attempt.resolve(.failure(CancellationError()))
        }
    }

    /// A connection that somebody waits for, or does no longer.
    private final class Attempt: Sendable {
        private enum State {
            case new
            case waiting(CheckedContinuation<PostgresConnection, any Error>)
            case over
        }

        private let state = Mutex(State.new)

        /// - Returns: false when it was cancelled before.
        func begin(_ continuation: CheckedContinuation<PostgresConnection, any Error>) -> Bool {
            state.withLock { state in
                guard case .new = state else { return false }
                state = .waiting(continuation)
                return true
            }
        }

        func resolve(_ result: Result<PostgresConnection, any Error>) {
            let waiter = state.withLock { state -> CheckedContinuation<PostgresConnection, any Error>? in
                defer { state = .over }
                guard case .waiting(let continuation) = state else { return nil }
                return continuation
            }
            if let waiter { return waiter.resume(with: result) }
            if case .success(let connection) = result { connection.close() }
        }
    }

    private static func establish(
        _ parameters: [(keyword: String, value: String)], _ configuration: PostgresConfiguration,
        _ receive: (@Sendable (PostgresNotification) -> Void)?
    ) throws -> PostgresConnection {
        let keywords = parameters.map { strdup($0.keyword) } + [nil]
        let values = parameters.map { strdup($0.value) } + [nil]
        defer { for text in keywords + values { free(text) } }
        guard let connection = PQconnectdbParams(keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 0) else {
            throw PostgresError(.connectionFailed, "There is no memory for a connection")
        }
        guard PQstatus(connection) == CONNECTION_OK else {
            defer { PQfinish(connection) }
            throw PostgresError(.connectionFailed, "No connection to \(configuration)", connection: connection)
        }
        // Otherwise libpq prints what the server remarks.
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
        guard PQsetnonblocking(connection, 1) == 0 else {
            defer { PQfinish(connection) }
            throw PostgresError(.connectionFailed, "The connection cannot be used", connection: connection)
        }
        nonisolated(unsafe) let owned = connection
        return try PostgresConnection(owned, configuration: configuration, receive: receive)
    }
}
