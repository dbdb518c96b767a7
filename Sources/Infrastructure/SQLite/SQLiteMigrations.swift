public import Migrations

extension MigrationSequence {
    /// The tables of the auth service, on SQLite.
    public static let sqliteAuth = MigrationSequence(
        service: "auth",
        [
            Migration(number: 1, name: "accounts-and-tokens", bytes: PackageResources.auth_001_accounts_and_tokens_sql),
            Migration(number: 2, name: "key-rotation", bytes: PackageResources.auth_002_key_rotation_sql),
        ])

    /// Sessions, their messages and agent switches, on SQLite.
    public static let sqliteRuntime = MigrationSequence(
        service: "runtime",
        [
            Migration(number: 1, name: "sessions", bytes: PackageResources.runtime_001_sessions_sql),
            Migration(number: 2, name: "fencing", bytes: PackageResources.runtime_002_fencing_sql),
            Migration(number: 3, name: "outbox", bytes: PackageResources.runtime_003_outbox_sql),
        ])
}

extension Migration {
    fileprivate init(number: Int, name: String, bytes: [UInt8]) {
        self.init(number: number, name: name, sql: String(decoding: bytes, as: UTF8.self))
    }
}
