/// Sees to it that only one of many does something: runs a session's turn, or a clean-up.
///
/// A lease alone cannot: its holder may sleep through its end and go on. Therefore each has a fencing token that is larger than those of all
/// leases before it, of whatever name; a store that is written under a lease keeps the largest token that it has seen, and refuses smaller ones.
public protocol LeaseKeeper: Sendable {
    /// Takes a lease that nobody has.
    ///
    /// - Parameters:
    ///   - name: What is leased, at most 512 bytes.
    ///   - duration: How long it lasts unless it is renewed; at least a millisecond.
    /// - Returns: nil when somebody has it.
    func acquire(_ name: String, for duration: Duration) async throws -> Lease?

    /// Makes a lease last from now on, if it has not ended.
    ///
    /// - Returns: false when it has ended: its holder has to stop.
    func renew(_ lease: Lease, for duration: Duration) async throws -> Bool

    /// Gives a lease back. One that has ended already is nobody's loss.
    func release(_ lease: Lease) async throws
}

/// The right to be the only one, for a while.
public struct Lease: Sendable, Hashable {
    public let name: String
    /// Larger than that of every earlier lease.
    public let fencingToken: Int64

    public init(name: String, fencingToken: Int64) {
        self.name = name
        self.fencingToken = fencingToken
    }
}

/// A lease's name has more than 512 bytes.
public struct LeaseNameTooLong: Error, Sendable {
    /// Longest name, in bytes.
    public static let limit = 512

    public init() {}

    /// Checks what every keeper refuses.
    public static func check(_ name: String) throws(LeaseNameTooLong) {
        if name.utf8.count > limit { throw LeaseNameTooLong() }
    }
}
