public import APISupport
public import Coordination

/// One of the processes that serve the runtime: what it shares with the others, and how they find each other.
///
/// A replica has a session in memory only while it holds the session's lease; requests for sessions of other replicas are passed on to them.
public struct RuntimeReplica: Sendable {
    /// Who has which session; the same for all replicas.
    public var leases: any LeaseKeeper
    /// The URL at which the other replicas reach this one, and no other; at most 480 bytes.
    public var address: String
    /// By what requests reach other replicas; nil when there are none.
    public var transport: (any ClientTransport)?

    public init(leases: any LeaseKeeper, address: String, transport: (any ClientTransport)?) {
        self.leases = leases
        self.address = address
        self.transport = transport
    }
}

/// How a replica is named in its leases: its address and, behind a `#`, which of the processes that have had that address it is.
struct ReplicaName: Sendable, Equatable, CustomStringConvertible {
    let address: String
    let process: String

    init(address: String) {
        self.address = address
        process = Identifier.make("")
    }

    /// nil for what no replica has written.
    init?(_ text: String) {
        guard let mark = text.lastIndex(of: "#") else { return nil }
        address = String(text[..<mark])
        process = String(text[text.index(after: mark)...])
    }

    var description: String { "\(address)#\(process)" }
}
