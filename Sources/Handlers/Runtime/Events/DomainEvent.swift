/// An occurrence with all that makes it an event for others.
public struct DomainEvent: Sendable, Equatable {
    /// What it happened to.
    public enum Subject: Sendable, Equatable {
        case session(id: String, owner: String)
        /// A running instance of this service.
        case service(instance: String)
    }

    public let occurrence: Occurrence
    public let subject: Subject
    /// What it belongs to: a turn, else a request, else the instance.
    public let correlationID: String

    public init(_ occurrence: Occurrence, of subject: Subject, correlationID: String) {
        self.occurrence = occurrence
        self.subject = subject
        self.correlationID = correlationID
    }
}
