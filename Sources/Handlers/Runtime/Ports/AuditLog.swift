public import APISupport

/// What happened, for those who have to answer for it: a record an event, kept for some time.
///
/// All methods may throw what their store throws.
public protocol AuditLog: Sendable {
    /// Keeps a record, unless there is one of that event: events are delivered at least once.
    ///
    /// - Returns: Whether it is new.
    @discardableResult
    func keep(_ record: AuditRecord) async throws -> Bool

    /// A page of the owner's records, the latest first (the event's id decides between equals).
    ///
    /// - Parameter session: Only of this session; nil: of all, also of those that are deleted.
    func records(of owner: String, in session: String?, limit: Int, offset: Int) async throws -> [AuditRecord]

    /// Removes records of events that happened before a moment, at most so many.
    ///
    /// - Returns: How many it removed.
    func purge(before date: Timestamp, limit: Int) async throws -> Int
}

/// An event as the audit log keeps it.
public struct AuditRecord: Sendable, Equatable {
    public let eventID: String
    /// Such as `message.added`.
    public let type: String
    /// A session's id, or an instance's.
    public let subject: String
    /// nil for what the services do by themselves.
    public let owner: String?
    /// To the microsecond.
    public let date: Timestamp
    /// The whole event, as JSON.
    public let event: String

    public init(eventID: String, type: String, subject: String, owner: String?, date: Timestamp, event: String) {
        self.eventID = eventID
        self.type = type
        self.subject = subject
        self.owner = owner
        self.date = date
        self.event = event
    }
}
