import PostgresClient

enum Postgres {
    /// One row by its key, 16 callers, 8 connections.
    static func select(_ url: String, seconds: Double) async throws -> Measure {
        let limits = PostgresPoolLimits(maximumConnections: 8, minimumConnections: 8)
        return try await PostgresPool.withPool(PostgresConfiguration(url), limits: limits) { pool in
            try await Measure.concurrently(callers: 16, seconds: seconds) { key in
                let rows = try await pool.query("SELECT value FROM items WHERE id = \(key)")
                guard try rows[0].decode(String.self).utf8.count == 32 else { throw StoreBenchmark.Usage() }
            }
        }
    }

    /// 10,000 rows into an empty table, some rounds, of whose times the median counts; the time of emptying it does not.
    static func copy(_ url: String, rounds: Int) async throws -> Measure {
        let count = 10_000
        let rows = (0..<count).map { index -> [PostgresValue] in
            let key = Int64(index + 1)
            return [
                .integer(key), .text("row \(key) of the benchmark"), .double(Double(key) / 4),
                .timestamp(1_764_000_000_000_000 + key * 1_000_000),
            ]
        }
        return try await PostgresPool.withPool(PostgresConfiguration(url)) { pool in
            try await pool.withConnection { connection in
                var measure = Measure(operations: 0, seconds: 0, cpu: 0)
                var times: [Double] = []
                for round in 0...rounds {
                    try await connection.execute(script: "TRUNCATE copied")
                    let (start, cpu) = (ContinuousClock.now, Measure.cpuTime)
                    let copied = try await connection.copy(rows, into: "copied", columns: ["id", "name", "amount", "at"])
                    guard copied == count else { throw StoreBenchmark.Usage() }
                    if round == 0 { continue }
                    measure.operations += count
                    times.append(start.duration(to: .now) / .seconds(1))
                    measure.cpu += Measure.cpuTime - cpu
                }
                measure.seconds = times.sorted()[times.count / 2] * Double(rounds)
                return measure
            }
        }
    }
}
