internal import CPostgres

/// What a session said with `NOTIFY`.
public struct PostgresNotification: Sendable, Equatable {
    public let channel: String
    /// At most 8,000 bytes; often empty.
    public let payload: String
    /// Of the session that sent it.
    public let processID: Int32

    init(_ notification: PGnotify) {
        channel = String(cString: notification.relname)
        payload = notification.extra.map { String(cString: $0) } ?? ""
        processID = notification.be_pid
    }
}
