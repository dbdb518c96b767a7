public import FoundationEssentials

/// Keeps refresh tokens, rotated ones included, and remembers which families are revoked.
public protocol RefreshTokenRepository: Sendable {
    /// Adds the first token of a family; forgets tokens that have expired when it is issued.
    ///
    /// - Returns: false, and nothing is changed, when the family has been revoked meanwhile.
    func insert(_ token: RefreshToken) async throws -> Bool

    /// The token with this hash, whatever has become of it since.
    func token(hash: String) async throws -> RefreshToken?

    /// Exchanges a token for the next one of its family, in one atomic step: of several calls at once, one rotates and the others find the
    /// token used. A second use revokes the family in the same step.
    ///
    /// - Parameters:
    ///   - hash: ``RefreshToken/hash`` of the token that is given up.
    ///   - replacement: The next one; of the same family.
    func rotate(hash: String, to replacement: RefreshToken, at now: Date) async throws -> RefreshRotation

    /// Makes every token of a family invalid, those that are added later too.
    ///
    /// - Parameter forgottenAt: From when on no token of the family could be valid anyway; the revocation need not be kept longer.
    func revokeFamily(_ family: String, at now: Date, forgottenAt: Date) async throws
}

/// What became of an attempt to rotate a refresh token.
public enum RefreshRotation: Sendable, Equatable {
    /// The replacement is valid now, the old token is not.
    case rotated
    /// The token had been rotated before; its family is revoked now.
    case reused
    /// The family was revoked before.
    case revoked
    /// There is no such token, or it has expired.
    case unknown
}
