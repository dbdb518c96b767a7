import PostgresClient
import TestServers
import Testing

/// Values that are too large, out of range or no text: errors, of the value alone where that is possible.
@Suite("PostgreSQL: values that cannot be", .postgres)
struct HostileValueTests {
    @Test("A number that does not fit is an error of decoding, and the row's others are readable")
    func numbersOutOfRange() async throws {
        try await withPool { pool in
            let row = try await pool.query(
                """
                SELECT 2147483648::int8 AS large, -2147483649::int8 AS small, 1.5::numeric AS exact, 'NaN'::float8 AS nan, 1e300::float8 AS wide,
                    7::int8 AS fitting, 4294967295::oid AS oid
                """)[0]
            for column in ["large", "small", "exact", "nan", "wide", "oid"] {
                try await expectFailure(.decoding) { try row.decode(column, as: Int32.self) }
            }
            for column in ["exact", "nan", "wide"] { try await expectFailure(.decoding) { try row.decode(column, as: Int.self) } }
            try await expectFailure(.decoding) { try row.decode("exact", as: Double.self) }
            #expect(try row.decode("large", as: Int.self) == 2_147_483_648 && row.decode("fitting", as: Int32.self) == 7)
            #expect(try row.decode("oid", as: Int64.self) == 4_294_967_295 && row.decode("nan", as: Double.self).isNaN)
        }
    }

    @Test("The server's own ranges are errors with its code")
    func serverRanges() async throws {
        try await withPool { pool in
            try await expectFailure(.server, state: .numericValueOutOfRange) { try await pool.query("SELECT \(Int64.max)::int8 + 1") }
            try await expectFailure(.server, state: .numericValueOutOfRange) { try await pool.query("SELECT 99999999999::int8::int4") }
            try await expectFailure(.parameter, state: .numericValueOutOfRange) {
                try await pool.query("SELECT \(PostgresTimestamp(microsecondsSince1970: .min))::timestamptz")
            }
        }
    }

    @Test("A NUL in text is known before it is sent: the transaction goes on")
    func nulInTransaction() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE kept (t text)")
            try await pool.transaction { connection in
                try await connection.query("INSERT INTO kept VALUES (\("before"))")
                for query in ["INSERT INTO kept VALUES (\("a\0b"))", "SELECT \(["a", "\0"])::text[]", "SELECT \("{\"a\": \"\0\"}")::jsonb"]
                    as [PostgresQuery]
                {
                    try await expectFailure(.parameter, state: .characterNotInRepertoire) { try await connection.query(query) }
                }
                try await connection.query("INSERT INTO kept VALUES (\("after"))")
            }
            #expect(try await pool.query("SELECT t FROM kept").map { try $0.decode(String.self) } == ["before", "after"])
            // Bytes may have them.
            #expect(try await pool.query("SELECT \([UInt8](repeating: 0, count: 3))::bytea")[0].decode([UInt8].self) == [0, 0, 0])
        }
    }

    @Test("Bytes that are no UTF-8, in values, names and errors of a database without an encoding")
    func invalidUTF8() async throws {
        let server = try PostgresServer.current
        try await server.run("createdb", ["-E", "SQL_ASCII", "-T", "template0", "bytes"])
        try await withPool(configure: { $0.connectionString = $0.connectionString.dropLast(7) + "bytes" }) { pool in
            let query: PostgresQuery = "SELECT convert_from('\\xff41'::bytea, 'SQL_ASCII') AS broken, 'whole' AS whole"
            // The server itself refuses to call it UTF-8.
            try await expectFailure(.server, state: .characterNotInRepertoire) { try await pool.query(query) }
            try await expectFailure(.decoding) { try await pool.query("SELECT '\\xff41'::bytea")[0].decode(String.self) }
            try await pool.withConnection { connection in
                try await connection.execute(script: "SET client_encoding = SQL_ASCII")
                let rows = try await connection.query(query)
                try await expectFailure(.decoding) { try rows[0].decode("broken", as: String.self) }
                #expect(try rows[0].decode("whole", as: String.self) == "whole")
                let error = try await failure {
                    try await connection.execute(
                        script: "DO $$ BEGIN RAISE EXCEPTION '%', convert_from('\\xff41'::bytea, 'SQL_ASCII'); END $$")
                }
                #expect(error.code == .server && error.message.hasSuffix("A"), "\(error)")
                #expect(try await connection.query("SELECT 1")[0].decode(Int.self) == 1)
            }
        }
    }

    @Test("A result of more than 64 MB is an error by default")
    func resultOver64MB() async throws {
        try await withPool { pool in
            try await expectFailure(.resultTooLarge) { try await pool.query("SELECT repeat('x', 1000000) FROM generate_series(1, 80)") }
            #expect(try await pool.query("SELECT 1")[0].decode(Int.self) == 1)
        }
    }
}
