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

    func append(_ key: SigningKey, after kid: String) -> Bool {
        guard let last = keys.firstIndex(where: { $0.kid == kid && $0.retiredAt == nil }) else { return false }
        keys[last] = keys[last].retired(at: key.signsFrom)
        keys.append(key)
        return true
    }

    func replaceAll(with key: SigningKey) { keys = [key] }

    func removeKeys(retiredBefore limit: Date) { keys.removeAll { $0.retiredAt.map { $0 < limit } ?? false } }
}
