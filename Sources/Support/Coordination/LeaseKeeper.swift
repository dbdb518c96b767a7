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
    ///   - holder: What others are told about who has it, such as an address to ask there; at most 512 bytes.
    /// - Returns: nil when somebody has it.
    /// - Throws: ``LeaseTextTooLong``; what the store throws. Then, and when the task is cancelled, it may have been taken nevertheless.
    func acquire(_ name: String, for duration: Duration, holder: String) async throws -> Lease?

    /// Who has a lease now; nil when nobody does.
    func holder(of name: String) async throws -> LeaseHolder?

    /// Makes a lease last from now on, if it has not ended.
    ///
    /// - Returns: false when it has ended: its holder has to stop.
    func renew(_ lease: Lease, for duration: Duration) async throws -> Bool

    /// Gives a lease back. One that has ended already is nobody's loss.
    func release(_ lease: Lease) async throws
}

extension LeaseKeeper {
    /// Takes a lease whose holder nobody has to find.
    public func acquire(_ name: String, for duration: Duration) async throws -> Lease? {
        try await acquire(name, for: duration, holder: "")
    }
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

/// Who has a lease.
public struct LeaseHolder: Sendable, Hashable {
    /// What it said of itself when it took the lease.
    public let description: String
    /// Tells this time of holding the lease from earlier and later ones.
    public let fencingToken: Int64

    public init(description: String, fencingToken: Int64) {
        self.description = description
        self.fencingToken = fencingToken
    }
}

/// A lease's name, or what its holder says of itself, has more than 512 bytes.
public struct LeaseTextTooLong: Error, Sendable {
    /// The most bytes of either.
    public static let limit = 512

    public init() {}

    /// Checks what every keeper refuses.
    public static func check(_ texts: String...) throws(LeaseTextTooLong) {
        for text in texts where text.utf8.count > limit { throw LeaseTextTooLong() }
    }
}
