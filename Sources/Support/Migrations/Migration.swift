internal import Crypto

/// One numbered step of a database's tables.
///
/// A step that has been released is never changed: what it did is in somebody's database. A new one is added instead.
public struct Migration: Sendable, Equatable {
    /// From 1, without gaps.
    public let number: Int
    /// What it does, as in the file's name.
    public let name: String
    public let sql: String
    /// SHA-256 of ``sql``, in hexadecimal digits: what tells whether an applied step was changed since.
    public let checksum: String

    public init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
        checksum = SHA256.hash(data: Array(sql.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
