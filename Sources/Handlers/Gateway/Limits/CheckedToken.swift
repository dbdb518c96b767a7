import APISupport

/// What the check of a call's token found, for the security handler: the limits had to know before it who calls.
struct CheckedToken: Sendable {
    @TaskLocal static var current: CheckedToken?

    let token: String
    let result: Result<Principal, any Error>

    /// The principal; nil for another token than the one that was checked. Throws what the check threw.
    func principal(of token: String) throws -> Principal? { token == self.token ? try result.get() : nil }
}
