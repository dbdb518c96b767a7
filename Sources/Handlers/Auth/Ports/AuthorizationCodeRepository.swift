public import FoundationEssentials

/// Keeps authorization codes, used ones included: only then can a second use be told from a wrong code.
public protocol AuthorizationCodeRepository: Sendable {
    /// Adds a code; forgets those whose ``AuthorizationCode/forgottenAt`` has passed when the new one is issued.
    func insert(_ code: AuthorizationCode) async throws

    /// Marks a code as used and returns it, in one atomic step: of several calls at once, one gets ``CodeConsumption/consumed(_:)``.
    ///
    /// - Parameter hash: ``AuthorizationCode/hash``.
    func consume(hash: String, at now: Date) async throws -> CodeConsumption
}

/// What became of an attempt to use a code.
public enum CodeConsumption: Sendable, Equatable {
    /// The first use. Whether the code has expired is for the caller to see.
    case consumed(AuthorizationCode)
    /// The code was used before: somebody has a copy.
    case reused(AuthorizationCode)
    /// There is no such code.
    case unknown
}
