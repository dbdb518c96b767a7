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
        if PQstatus(connection) != CONNECTION_OK, let error = Self.refusal(of: connection, configuration) {
            PQfinish(connection)
            throw error
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

    /// Why there is no connection.
    ///
    /// libpq gives the server's code for a refusal only within a message, only if asked to, and can be asked only when the first attempt is over:
    /// hence a second one, which is made when it was the server that refused.
    ///
    /// - Returns: nil when the second attempt succeeded.
    private static func refusal(of connection: OpaquePointer, _ configuration: PostgresConfiguration) -> PostgresError? {
        let message = "No connection to \(configuration): \(String(cString: PQerrorMessage(connection)).trimmingNewlines)"
        if PostgresError.isAboutTrust(message) { return PostgresError(.untrustedServer, message) }
        guard message.contains("FATAL") else { return PostgresError(.connectionFailed, message) }
        PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE)
        PQreset(connection)
        if PQstatus(connection) == CONNECTION_OK {
            PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
            return nil
        }
        // "… failed: FATAL:  28P01"
        let code = String(cString: PQerrorMessage(connection)).trimmingNewlines.suffix(7)
        let isCode = code.hasPrefix("  ") && code.dropFirst(2).utf8.allSatisfy { $0.isDigitOrCapital }
        return PostgresError(.connectionFailed, message, sqlState: isCode ? SQLState(rawValue: String(code.dropFirst(2))) : nil)
    }
}

extension PostgresError {
    /// libpq has no code for what it finds wrong with the server's identity. Its own messages are English, unless the process has set a locale.
    fileprivate static func isAboutTrust(_ message: String) -> Bool {
        [
            "certificate verify failed", "does not match host name", "root certificate file", "server does not support SSL",
            "could not get server's host name", "host name must be specified for a verified SSL connection",
        ].contains { message.contains($0) }
    }
}

extension UInt8 {
    fileprivate var isDigitOrCapital: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }
}
