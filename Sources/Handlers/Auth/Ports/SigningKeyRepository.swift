public import FoundationEssentials

/// Keeps the keys that sign tokens. Whoever reads this storage can sign in as anybody: it is as secret as the passwords.
public protocol SigningKeyRepository: Sendable {
    /// All keys, the youngest first; the active one is the only one that is not retired.
    func signingKeys() async throws -> [SigningKey]

    /// Adds the first key.
    ///
    /// - Returns: false, and nothing is changed, when there is an active one already (another process was faster).
    func insertFirst(_ key: SigningKey) async throws -> Bool

    /// Adds a key as the active one, retires the one that was active, and removes those retired before an instant, in one atomic step.
    func rotate(to key: SigningKey, at now: Date, removingRetiredBefore limit: Date) async throws
}
