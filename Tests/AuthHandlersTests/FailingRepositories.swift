import AuthHandlers
import FoundationEssentials
import Synchronization

struct DiskFull: Error, CustomStringConvertible {
    var description: String { "the disk is full" }
}

extension AuthRepositories {
    /// A storage that works while the service starts and fails from then on.
    static func failing() -> AuthRepositories {
        let storage = FailingRepositories()
        return AuthRepositories(users: storage, authorizationCodes: storage, refreshTokens: storage, signingKeys: storage)
    }
}

private final class FailingRepositories: UserRepository, AuthorizationCodeRepository, RefreshTokenRepository, SigningKeyRepository {
    private let key = Mutex<SigningKey?>(nil)
    private let isPrepared = Mutex(false)

    func user(id: String) throws -> User? { throw DiskFull() }

    func user(signInName: String) throws -> User? {
        guard !isPrepared.withLock({ $0 }) else { throw DiskFull() }
        return nil
    }

    /// The administrator's account is the last thing that is written at the start.
    func insert(_ user: User) -> Bool {
        isPrepared.withLock { $0 = true }
        return true
    }

    func insert(_ code: AuthorizationCode) throws { throw DiskFull() }

    func consume(hash: String, at now: Date) throws -> CodeConsumption { throw DiskFull() }

    func insert(_ token: RefreshToken) throws -> Bool { throw DiskFull() }

    func token(hash: String) throws -> RefreshToken? { throw DiskFull() }

    func rotate(hash: String, to replacement: RefreshToken, at now: Date) throws -> RefreshRotation { throw DiskFull() }

    func revokeFamily(_ family: String, at now: Date, forgottenAt: Date) throws { throw DiskFull() }

    func signingKeys() throws -> [SigningKey] {
        guard !isPrepared.withLock({ $0 }) else { throw DiskFull() }
        return key.withLock { $0.map { [$0] } ?? [] }
    }

    func insertFirst(_ key: SigningKey) -> Bool {
        self.key.withLock { kept in
            guard kept == nil else { return false }
            kept = key
            return true
        }
    }

    func append(_ key: SigningKey, after kid: String) throws -> Bool { throw DiskFull() }

    func replaceAll(with key: SigningKey) throws { throw DiskFull() }

    func removeKeys(retiredBefore limit: Date) throws { throw DiskFull() }
}
