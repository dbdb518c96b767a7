import AuthHandlers
import FoundationEssentials

/// Refresh tokens in memory.
actor MemoryRefreshTokenRepository: RefreshTokenRepository {
    private var tokens: [String: (token: RefreshToken, isRotated: Bool)] = [:]
    /// Revoked families and when they may be forgotten.
    private var revoked: [String: Date] = [:]

    init() {}

    func insert(_ token: RefreshToken) -> Bool {
        tokens = tokens.filter { $0.value.token.expiresAt > token.issuedAt }
        revoked = revoked.filter { $0.value > token.issuedAt }
        guard revoked[token.family] == nil else { return false }
        tokens[token.hash] = (token, false)
        return true
    }

    func token(hash: String) -> RefreshToken? { tokens[hash]?.token }

    func rotate(hash: String, to replacement: RefreshToken, at now: Date) -> RefreshRotation {
        guard let kept = tokens[hash], kept.token.expiresAt > now else { return .unknown }
        guard revoked[kept.token.family] == nil else { return .revoked }
        guard !kept.isRotated else {
            revoked[kept.token.family] = replacement.expiresAt
            return .reused
        }
        tokens[hash]?.isRotated = true
        tokens[replacement.hash] = (replacement, false)
        return .rotated
    }

    func revokeFamily(_ family: String, at now: Date, forgottenAt: Date) {
        revoked[family] = max(revoked[family] ?? forgottenAt, forgottenAt)
    }
}
