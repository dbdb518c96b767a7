import AuthHandlers
import FoundationEssentials

/// Authorization codes in memory.
actor MemoryAuthorizationCodeRepository: AuthorizationCodeRepository {
    private var codes: [String: (code: AuthorizationCode, isConsumed: Bool)] = [:]

    init() {}

    func insert(_ code: AuthorizationCode) {
        codes = codes.filter { $0.value.code.forgottenAt > code.authenticatedAt }
        codes[code.hash] = (code, false)
    }

    func consume(hash: String, at now: Date) -> CodeConsumption {
        guard let kept = codes[hash] else { return .unknown }
        guard !kept.isConsumed else { return .reused(kept.code) }
        codes[hash]?.isConsumed = true
        return .consumed(kept.code)
    }
}
