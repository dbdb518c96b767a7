import PostgresClient
import TestServers
import Testing

/// Statements on a real server.
@Suite("PostgreSQL: statements", .postgres)
struct QueryTests {
    @Test("Every kind of value comes back as it was given")
    func valuesRoundTrip() async throws {
        try await withPool { pool in
            let moment = PostgresTimestamp(microsecondsSince1970: 1_764_000_000_123_456)
            let bytes: [UInt8] = [0, 1, 255]
            let nothing = PostgresValue.null
            let row = try await pool.query(
                """
                SELECT \(true)::bool, \(Int64.min)::int8, \(-7)::int4, \(1.5)::float8, \("ü\u{1F600}'\\")::text, \(bytes)::bytea,
                    \(moment)::timestamptz, \("{\"a\": 1}")::jsonb, \(nothing)::text,
                    \("0123abcd-0000-4000-8000-00000000000f")::uuid, \("")::text, \([UInt8]())::bytea
                """)[0]
            let values = try row.decode(
                Bool.self, Int64.self, Int.self, Double.self, String.self, [UInt8].self, PostgresTimestamp.self, String.self, String?.self,
                String.self, String.self, [UInt8].self)
            #expect(values.0 && values.1 == .min && values.2 == -7 && values.3 == 1.5)
            #expect(values.4 == "ü\u{1F600}'\\" && values.5 == bytes && values.6 == moment && values.7 == "{\"a\": 1}")
            #expect(values.8 == nil && values.9 == "0123abcd-0000-4000-8000-00000000000f" && values.10.isEmpty && values.11.isEmpty)
        }
    }

    @Test("A number goes into every type that can hold it")
    func numbersFit() async throws {
        try await withPool { pool in
            let row = try await pool.query(
                "SELECT \(5)::int2, \(5)::numeric::text, \(5)::float4, \(2.0)::int8, \([Int64(3), 4])::int8[]::text")[0]
            let values = try row.decode(Int.self, String.self, Double.self, Int.self, String.self)
            #expect(values == (5, "5", 5, 2, "{3,4}"))
            let texts = ["a,b", "\"", ""]
            #expect(try await pool.query("SELECT unnest(\(texts)::text[])").map { try $0.decode(String.self) } == texts)
        }
    }

    @Test("What does not fit is an error before anything is sent, and the connection stays")
    func parametersOutOfRange() async throws {
        try await withPool(limits: PostgresPoolLimits(maximumConnections: 1)) { pool in
            let process = try await pool.withConnection { $0.processID }
            for query in ["SELECT \(70_000)::int2", "SELECT \(Int64.max)::int4", "SELECT \(0.5)::int8"] as [PostgresQuery] {
                let error = try await failure { try await pool.query(query) }
                #expect(error.code == .parameter && error.sqlState == .numericValueOutOfRange)
            }
            try await expectFailure(state: .invalidTextRepresentation) { try await pool.query("SELECT \("x")::int8[]") }
            try await expectFailure(.parameter) { try await pool.query(PostgresQuery(sql: "SELECT $1::text")) }
            #expect(try await pool.withConnection { $0.processID } == process)
        }
    }

    @Test("A NUL in text and in a statement is an error")
    func nulIsRefused() async throws {
        try await withPool { pool in
            try await expectFailure(state: .characterNotInRepertoire) { try await pool.query("SELECT \("a\0b")::text") }
            try await expectFailure(.parameter) { try await pool.query("SELECT \("1\0")::int8") }
            try await expectFailure(.parameter) { try await pool.query(PostgresQuery(sql: "SELECT 1\0")) }
            try await expectFailure(.parameter) { try await pool.withConnection { try await $0.execute(script: "SELECT 1\0") } }
        }
    }

    @Test("Text that is no UTF-8 is an error of decoding")
    func invalidUTF8() async throws {
        try await PostgresServer.current.run("createdb", ["-E", "SQL_ASCII", "-T", "template0", "ascii"])
        try await withPool(configure: { $0.connectionString = $0.connectionString.dropLast(7) + "ascii" }) { pool in
            try await pool.withConnection { connection in
                try await connection.execute(
                    script: "SET client_encoding = SQL_ASCII; CREATE TABLE t (v text); INSERT INTO t VALUES (E'\\xff')")
                let rows = try await connection.query("SELECT v FROM t")
                try await expectFailure(.decoding) { try rows[0].decode(String.self) }
            }
        }
    }

    @Test("A value is read only as what it is")
    func decodingFailures() async throws {
        try await withPool { pool in
            let row = try await pool.query("SELECT 1::int8 AS number, NULL::text AS nothing, 'infinity'::timestamptz AS moment")[0]
            #expect(try row.decode("number", as: Int.self) == 1)
            #expect(try row.decode("nothing", as: String?.self) == nil)
            #expect(try await failure { try row.decode("number", as: String.self) }.message.contains("number"))
            #expect(try await failure { try row.decode("nothing", as: String.self) }.message.contains("NULL"))
            try await expectFailure(.decoding) { try row.decode("moment", as: PostgresTimestamp.self) }
            try await expectFailure(.decoding) { try row.decode("other", as: String.self) }
            try await expectFailure(.decoding) { try row.decode(Int.self, String?.self, String?.self, Int.self) }
        }
    }

    @Test("The server's errors keep their code, constraint and detail")
    func serverErrors() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE keyed (id int8 CONSTRAINT keyed_id PRIMARY KEY)")
            try await pool.query("INSERT INTO keyed VALUES (1)")
            let error = try await failure { try await pool.query("INSERT INTO keyed VALUES (\(1))") }
            #expect(error.code == .server && error.sqlState == .uniqueViolation && error.constraint == "keyed_id")
            #expect(error.detail?.contains("(id)=(1)") == true)
            try await expectFailure(state: .syntaxError) { try await pool.query("SELEC") }
        }
    }

    @Test("A batch is one round trip and one transaction")
    func batches() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE numbers (n int8 PRIMARY KEY)")
            let results = try await pool.batch((0..<1000).map { "INSERT INTO numbers VALUES (\($0)) RETURNING n * 2" })
            #expect(try results.map { try $0[0].decode(Int.self) } == (0..<1000).map { $0 * 2 })
            let error = try await failure {
                try await pool.batch(["INSERT INTO numbers VALUES (\(2000))", "INSERT INTO numbers VALUES (\(5))", "DELETE FROM numbers"])
            }
            #expect(error.sqlState == .uniqueViolation)
            #expect(try await pool.query("SELECT count(*), max(n) FROM numbers")[0].decode(Int.self, Int.self) == (1000, 999))
            #expect(try await pool.batch([]).isEmpty)
        }
    }

    @Test("Rows are copied whole, or not at all")
    func copying() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE copied (n int8, t text, b bytea, at timestamptz, f float8, u uuid, ok bool)")
            let columns = ["n", "t", "b", "at", "f", "u", "ok"]
            let uuid = [UInt8](0..<16)
            let rows = (0..<5000).map { index -> [PostgresValue] in
                let text: PostgresValue = index == 7 ? .null : .text("tab\t line\n \\ ü\r\(index)")
                let bytes: PostgresValue = .bytes([0, 10, 92, UInt8(index % 256)])
                let moment = Int64(index) * 86_400_000_000 * 3 - 2_000_000_000_123_456
                return [
                    .integer(Int64(index) - 10), text, bytes, .timestamp(moment), .double(Double(index) / 3), .uuid(uuid),
                    .bool(index == 3),
                ]
            }
            #expect(try await pool.withConnection { try await $0.copy(rows, into: "copied", columns: columns) } == 5000)
            let stored = try await pool.query("SELECT n, t, b, at, f, u::text, ok FROM copied ORDER BY n")
            for (row, given) in zip(stored, rows) {
                let values = try row.decode(
                    Int64.self, String?.self, [UInt8].self, PostgresTimestamp.self, Double.self, String.self, Bool.self)
                let same: [PostgresValue] = [
                    .integer(values.0), values.1.map { .text($0) } ?? .null, .bytes(values.2), values.3.postgresValue, .double(values.4),
                    .uuid(uuid),
                    .bool(values.6),
                ]
                #expect(same == given && values.5 == "00010203-0405-0607-0809-0a0b0c0d0e0f")
            }
            let process = try await pool.withConnection { connection in
                let bad = rows + [[.text("no number")] + rows[0].dropFirst()]
                try await expectFailure(state: .invalidTextRepresentation) {
                    try await connection.copy(bad, into: "copied", columns: columns)
                }
                let short = rows + [[.null]]
                try await expectFailure(.parameter) { try await connection.copy(short, into: "copied", columns: columns) }
                try await expectFailure(state: .undefinedTable) { try await connection.copy(rows, into: "copi\"ed", columns: columns) }
                return connection.processID
            }
            #expect(
                try await pool.query("SELECT count(*), pg_backend_pid() FROM copied")[0].decode(Int.self, Int32.self) == (5000, process))
        }
    }

    @Test("A statement is prepared again when its tables have changed, and the least used one makes room")
    func preparedStatements() async throws {
        try await withPool(
            limits: PostgresPoolLimits(maximumConnections: 1), configure: { $0.maximumPreparedStatements = 3 }
        ) { pool in
            try await pool.query("CREATE TABLE shaped (a int8)")
            try await pool.query("INSERT INTO shaped VALUES (1)")
            #expect(try await pool.query("SELECT * FROM shaped")[0].decode(Int.self) == 1)
            try await pool.withConnection { try await $0.execute(script: "ALTER TABLE shaped ALTER a TYPE text") }
            #expect(try await pool.query("SELECT * FROM shaped")[0].decode(String.self) == "1")
            try await pool.withConnection { try await $0.execute(script: "DEALLOCATE ALL") }
            #expect(try await pool.query("SELECT * FROM shaped")[0].decode(String.self) == "1")
            for number in 0..<10 { try await pool.query(PostgresQuery(sql: "SELECT \(number)")) }
            let prepared = try await pool.query("SELECT count(*) FROM pg_prepared_statements")[0].decode(Int.self)
            #expect(prepared <= 3)
        }
    }

    @Test("A result larger than allowed ends its connection, not the process")
    func largeResults() async throws {
        try await withPool(configure: { $0.maximumResultSize = 4 << 20 }) { pool in
            try await expectFailure(.resultTooLarge) { try await pool.query("SELECT repeat('x', 20000000)") }
            try await expectFailure(.resultTooLarge) { try await pool.query("SELECT repeat('x', 1000) FROM generate_series(1, 20000)") }
            #expect(try await pool.query("SELECT repeat('x', 3000000)")[0].decode(String.self).utf8.count == 3_000_000)
        }
    }

    @Test("Cancelling a task cancels its statement on the server; the connection stays")
    func cancellation() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                let statement = Task { try await connection.query("SELECT pg_sleep(60)") }
                try await Deadline.wait("the statement to run") {
                    try await pool.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0].decode(Int.self) == 1
                }
                statement.cancel()
                await #expect(throws: CancellationError.self) { try await statement.value }
                #expect(connection.isOpen)
                #expect(try await connection.query("SELECT 1")[0].decode(Int.self) == 1)
                #expect(try await pool.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0].decode(Int.self) == 0)
            }
        }
    }

    @Test("The server ends a statement that takes too long")
    func statementTimeout() async throws {
        try await withPool(configure: { $0.statementTimeout = .milliseconds(200) }) { pool in
            try await expectFailure(state: .queryCanceled) { try await pool.query("SELECT pg_sleep(60)") }
            #expect(try await pool.query("SELECT 1")[0].decode(Int.self) == 1)
        }
    }

    @Test("One statement at a time on a connection")
    func oneAtATime() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                let slow = Task { try await connection.query("SELECT pg_sleep(60)") }
                try await Deadline.wait("the statement to run") {
                    try await pool.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0].decode(Int.self) == 1
                }
                try await expectFailure(.connectionInUse) { try await connection.query("SELECT 1") }
                try await pool.query("SELECT pg_cancel_backend(\(connection.processID))")
                try await expectFailure(state: .queryCanceled) { try await slow.value }
            }
        }
    }
}
