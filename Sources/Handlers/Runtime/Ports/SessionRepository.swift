public import APISupport

/// Where sessions, their messages and their agent switches are kept.
///
/// Every method that takes an owner sees only that owner's sessions. All methods may throw what their store throws.
///
/// What is written under a session's lease takes the lease's fencing token. A session keeps the largest that it has seen: with a smaller one
/// such a method throws ``SessionFenced``, and changes nothing.
public protocol SessionRepository: Sendable {
    /// Keeps a new session, and the events that tell of it.
    func create(_ session: Session, events: [DomainEvent]) async throws

    /// The owner's session, or nil.
    func session(_ id: String, of owner: String) async throws -> Session?

    /// A page of the owner's sessions, the latest activity first (the id decides between equals), and how many there are in all.
    func sessions(of owner: String, limit: Int, offset: Int) async throws -> (page: [Session], total: Int)

    /// Sets a title, and keeps the events that tell of it.
    ///
    /// - Returns: The session as it is now; nil, and no events, when the owner has none of that id.
    func rename(_ id: String, of owner: String, to title: String, events: [DomainEvent]) async throws -> Session?

    /// Removes a session with all that belongs to it, but for its events, and keeps the events that tell of it.
    ///
    /// - Returns: Whether there was one; without, no events are kept.
    func delete(_ id: String, of owner: String, fencingToken: Int64, events: [DomainEvent]) async throws -> Bool

    /// Keeps everybody out who had the session's lease before. A turn that was running is marked as interrupted: whoever ran it is gone.
    ///
    /// - Parameter fencingToken: Of a lease that has been taken just now.
    /// - Returns: The session as it is now, and whether such a turn was running; nil when there is none.
    func claim(_ id: String, fencingToken: Int64) async throws -> SessionClaim?

    /// Applies a change in one transaction: all of it or nothing.
    ///
    /// - Throws: ``SessionMissing`` when there is no such session.
    func record(_ change: SessionChange, in id: String, fencingToken: Int64) async throws

    /// The latest messages, oldest first.
    func messages(in id: String, latest limit: Int) async throws -> [Message]

    /// The latest agent switches, oldest first.
    func switches(in id: String, latest limit: Int) async throws -> [AgentSwitch]

    /// Ids of sessions that are stored as running, in an order of the store's own.
    ///
    /// - Parameters:
    ///   - id: Those behind this one; nil: from the first on.
    ///   - limit: How many at most.
    func runningSessions(after id: String?, limit: Int) async throws -> [String]
}

/// What a step adds to a session.
public struct SessionChange: Sendable, Equatable {
    /// To be appended, in order.
    public var messages: [Message]
    /// To be appended, in order; the last one's target becomes the current agent.
    public var switches: [AgentSwitch]
    /// The new state; nil: as it was.
    public var state: Session.State?
    /// The title for a session that has none.
    public var titleIfNone: String?
    /// What this tells others, in order; of the messages one event each.
    public var events: [DomainEvent]
    /// The session's last activity.
    public var date: Timestamp

    public init(
        messages: [Message] = [], switches: [AgentSwitch] = [], state: Session.State? = nil, titleIfNone: String? = nil,
        events: [DomainEvent] = [], date: Timestamp
    ) {
        self.messages = messages
        self.switches = switches
        self.state = state
        self.titleIfNone = titleIfNone
        self.events = events
        self.date = date
    }

    /// The events as they are to be kept.
    ///
    /// - Parameter position: The place of the first of ``messages`` in the session's history.
    public func outboxEvents(firstMessageAt position: Int) throws -> [Event] {
        var position = position
        return try events.map { event in
            guard case .messageAdded = event.occurrence.fact else { return try event.cloudEvent() }
            defer { position += 1 }
            return try event.cloudEvent(messageAt: position)
        }
    }
}

/// The session to be changed does not exist (any more).
public struct SessionMissing: Error, Sendable {
    public let id: String

    public init(id: String) { self.id = id }
}

/// The session has been written under a later lease: whoever wrote has lost its own.
public struct SessionFenced: Error, Sendable {
    public let id: String
    /// The one that is too small.
    public let fencingToken: Int64

    public init(id: String, fencingToken: Int64) {
        self.id = id
        self.fencingToken = fencingToken
    }
}

/// A session that somebody has from now on.
public struct SessionClaim: Sendable, Equatable {
    public let session: Session
    /// Whether a turn was running until now.
    public let hasInterrupted: Bool

    public init(_ session: Session, hasInterrupted: Bool) {
        self.session = session
        self.hasInterrupted = hasInterrupted
    }
}
