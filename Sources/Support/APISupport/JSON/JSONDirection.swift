/// Which way a JSON text goes, where it matters to what is in it (JSON Schema 2020-12 validation, section 9.4): a request has no read-only
/// members, a response no write-only ones. Such a member is passed over when it is read, and left out when it is written.
public enum JSONDirection: Sendable {
    case request, response
    /// Neither, or it is not known: all members are there.
    case unknown
}
