import AuthHandlers
import FoundationEssentials
import GRDB

/// Signing keys in SQLite; the file is the owner's only.
struct SQLiteSigningKeyRepository: SigningKeyRepository {
    private let database: SQLiteDatabase

    init(_ database: SQLiteDatabase) { self.database = database }

    func signingKeys() async throws -> [SigningKey] {
        try await database.pool.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM auth_signing_keys ORDER BY created_at DESC").map(SigningKey.init(row:))
        }
    }

    func insertFirst(_ key: SigningKey) async throws -> Bool {
        try await database.pool.write { database in
            let exists = try Bool.fetchOne(database, sql: "SELECT 1 FROM auth_signing_keys WHERE retired_at IS NULL") ?? false
            guard !exists else { return false }
            try Self.add(key, database)
            return true
        }
    }

    func append(_ key: SigningKey, after kid: String) async throws -> Bool {
        try await database.pool.write { database in
            try database.execute(
                sql: "UPDATE auth_signing_keys SET retired_at = ? WHERE kid = ? AND retired_at IS NULL",
                arguments: [key.signsFrom.timeIntervalSince1970, kid])
            guard database.changesCount == 1 else { return false }
            try Self.add(key, database)
            return true
        }
    }

    func replaceAll(with key: SigningKey) async throws {
        try await database.pool.write { database in
            try database.execute(sql: "DELETE FROM auth_signing_keys")
            try Self.add(key, database)
        }
    }

    func removeKeys(retiredBefore limit: Date) async throws {
        try await database.pool.write { database in
            try database.execute(sql: "DELETE FROM auth_signing_keys WHERE retired_at < ?", arguments: [limit.timeIntervalSince1970])
        }
    }

    private static func add(_ key: SigningKey, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO auth_signing_keys (kid, private_key, created_at, signs_from) VALUES (?, ?, ?, ?)",
            arguments: [key.kid, Data(key.privateKey), key.createdAt.timeIntervalSince1970, key.signsFrom.timeIntervalSince1970]
        )
    }
}

extension SigningKey {
    fileprivate init(row: Row) {
        let privateKey: Data = row["private_key"]
        let createdAt = Date(timeIntervalSince1970: row["created_at"])
        let signsFrom: Double? = row["signs_from"]
        let retiredAt: Double? = row["retired_at"]
        self.init(
            kid: row["kid"], privateKey: Array(privateKey), createdAt: createdAt,
            signsFrom: signsFrom.map(Date.init(timeIntervalSince1970:)) ?? createdAt,
            retiredAt: retiredAt.map(Date.init(timeIntervalSince1970:))
        )
    }
}
