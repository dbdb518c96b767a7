import AuthHandlers
import FoundationEssentials
import GRDB

/// Authorization codes in SQLite.
struct SQLiteAuthorizationCodeRepository: AuthorizationCodeRepository {
    private let database: SQLiteDatabase

    init(_ database: SQLiteDatabase) { self.database = database }

    func insert(_ code: AuthorizationCode) async throws {
        try await database.pool.write { database in
            try database.execute(
                sql: "DELETE FROM auth_codes WHERE forgotten_at <= ?", arguments: [code.authenticatedAt.timeIntervalSince1970]
            )
            try database.execute(
                sql: """
                    INSERT INTO auth_codes (hash, client_id, redirect_uri, user_id, scope, code_challenge, nonce, family,
                        authenticated_at, expires_at, forgotten_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    code.hash, code.clientID, code.redirectURI, code.userID, code.scopes.description, code.codeChallenge, code.nonce,
                    code.family, code.authenticatedAt.timeIntervalSince1970, code.expiresAt.timeIntervalSince1970,
                    code.forgottenAt.timeIntervalSince1970,
                ]
            )
        }
    }

    func consume(hash: String, at now: Date) async throws -> CodeConsumption {
        try await database.pool.write { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM auth_codes WHERE hash = ?", arguments: [hash]) else {
                return .unknown
            }
            let code = AuthorizationCode(row: row)
            guard row["consumed_at"] as Double? == nil else { return .reused(code) }
            try database.execute(
                sql: "UPDATE auth_codes SET consumed_at = ? WHERE hash = ?", arguments: [now.timeIntervalSince1970, hash]
            )
            return .consumed(code)
        }
    }
}

extension AuthorizationCode {
    fileprivate init(row: Row) {
        self.init(
            hash: row["hash"], clientID: row["client_id"], redirectURI: row["redirect_uri"], userID: row["user_id"],
            scopes: Scopes(parameter: row["scope"]) ?? Scopes([]), codeChallenge: row["code_challenge"], nonce: row["nonce"],
            family: row["family"], authenticatedAt: Date(timeIntervalSince1970: row["authenticated_at"]),
            expiresAt: Date(timeIntervalSince1970: row["expires_at"]), forgottenAt: Date(timeIntervalSince1970: row["forgotten_at"])
        )
    }
}
