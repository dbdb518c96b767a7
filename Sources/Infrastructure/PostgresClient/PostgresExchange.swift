internal import CPostgres

/// What was sent to the server and is not answered yet.
struct PostgresExchange: Sendable {
    /// When the exchange is over.
    enum Kind: Sendable {
        /// With the end of the results, or when the server waits for or offers copied rows.
        case results
        /// With the results of everything up to the synchronisation.
        case pipeline
        /// When everything has been handed to the system.
        case flush
    }

    enum Cancellation: Sendable {
        case none
        /// The request is on its way; the connection must not be used for something else before it has arrived.
        case underWay
        case requested
    }

    let id: UInt64
    let kind: Kind
    /// Called once, on the thread that notices the end, outside of the connection's lock; must not wait.
    let completion: @Sendable (Result<[PostgresResult], any Error>) -> Void
    var deadline: ContinuousClock.Instant
    var results: [PostgresResult] = []
    /// Bytes that the results take.
    var size = 0
    var failure: PostgresError?
    var cancellation = Cancellation.none
    /// All of the answer is here; only a cancellation request may still be under way.
    var isAnswered = false
    /// Set for an answer that did not come in one piece.
    var counter: SocketCounter?

    init(
        id: UInt64, kind: Kind, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (Result<[PostgresResult], any Error>) -> Void
    ) {
        self.id = id
        self.kind = kind
        self.deadline = deadline
        self.completion = completion
    }

    /// Takes what libpq has understood so far.
    ///
    /// - Returns: Whether the exchange is complete.
    mutating func takeResults(of connection: OpaquePointer) -> Bool {
        while PQisBusy(connection) == 0 {
            guard let result = PQgetResult(connection) else {
                if kind == .results { return true }
                // In a pipeline this only parts the results of one statement from those of the next; two in a row: there are none.
                guard let next = PQisBusy(connection) == 0 ? PQgetResult(connection) : nil else { return false }
                if take(next) { return true }
                continue
            }
            if take(result) { return true }
        }
        return false
    }

    /// - Returns: Whether it was the last one.
    private mutating func take(_ result: OpaquePointer) -> Bool {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            size += PQresultMemorySize(result)
            results.append(PostgresResult(result))
            return false
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            PQclear(result)
            return true
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            return true
        case PGRES_PIPELINE_ABORTED:
            // The failure that aborted it came before.
            PQclear(result)
            return false
        default:
            if failure == nil { failure = PostgresError(result: result) }
            PQclear(result)
            return false
        }
    }

    /// What the caller gets.
    var outcome: Result<[PostgresResult], any Error> {
        guard let failure else { return .success(results) }
        if cancellation != .none, failure.sqlState == .queryCanceled { return .failure(CancellationError()) }
        return .failure(failure)
    }
}

extension PostgresError {
    /// The failure that a result reports.
    init(result: OpaquePointer) {
        func field(_ code: Character) -> String? {
            code.asciiValue.flatMap { PQresultErrorField(result, CInt($0)) }.map { String(cString: $0) }
        }
        // PG_DIAG_MESSAGE_PRIMARY and so on are macros of single characters.
        let state = field("C").map(SQLState.init(rawValue:))
        let message = field("M") ?? String(cString: PQresultErrorMessage(result)).trimmingNewlines
        // The server says goodbye by these two; what it was doing is lost with the connection.
        let isLost = state == nil || state == .adminShutdown || state == .crashShutdown
        self.init(
            isLost ? .connectionLost : .server, message, sqlState: state, constraint: field("n"), detail: field("D"))
    }

    /// The failure that a connection reports.
    init(_ code: Code, _ what: String, connection: OpaquePointer) {
        self.init(code, "\(what): \(String(cString: PQerrorMessage(connection)).trimmingNewlines)")
    }
}
