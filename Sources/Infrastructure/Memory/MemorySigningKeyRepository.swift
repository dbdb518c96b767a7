import AuthHandlers
import FoundationEssentials

/// Signing keys in memory: tokens of this process are worthless to the next one.
actor MemorySigningKeyRepository: SigningKeyRepository {
    private var keys: [SigningKey] = []

    init() {}

    func signingKeys() -> [SigningKey] { keys.sorted { $0.createdAt > $1.createdAt } }

    func insertFirst(_ key: SigningKey) -> Bool {
        guard !keys.contains(where: { $0.retiredAt == nil }) else { return false }
        keys.append(key)
        return true
    }

    func rotate(to key: SigningKey, at now: Date, removingRetiredBefore limit: Date) {
        keys = keys.map { $0.retiredAt == nil ? $0.retired(at: now) : $0 }
        keys.removeAll { $0.retiredAt.map { $0 < limit } ?? false }
        keys.append(key)
    }
}
