public import FoundationEssentials

/// Keeps the keys that sign tokens. Whoever reads this storage can sign in as anybody: it is as secret as the passwords.
public protocol SigningKeyRepository: Sendable {
    /// All keys, the youngest first; the last in line is the only one whose end is not set (``SigningKey/retiredAt``).
    func signingKeys() async throws -> [SigningKey]

    /// Adds the first key.
    ///
    /// - Returns: false, and nothing is changed, when there is one already (another process was faster).
    func insertFirst(_ key: SigningKey) async throws -> Bool

    /// Adds a key; the one that was last in line signs until then, in one atomic step.
    ///
    /// - Parameter kid: Of the key that was found last in line.
    /// - Returns: false, and nothing is changed, when it is that no more (another process was faster).
    func append(_ key: SigningKey, after kid: String) async throws -> Bool

    /// Puts a key in place of all others, in one atomic step.
    func replaceAll(with key: SigningKey) async throws

    /// Forgets the keys that signed nothing since an instant.
    func removeKeys(retiredBefore limit: Date) async throws
}
