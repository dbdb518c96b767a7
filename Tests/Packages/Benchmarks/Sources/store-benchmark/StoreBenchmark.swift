import Coordination
import Foundation
import MemoryInfrastructure
import PostgresClient
import RedisClient

/// One measurement of one client, as a line of JSON; scripts/bench-stores starts the servers and puts the figures beside those of others.
///
///     store-benchmark select|copy POSTGRES-URL SECONDS|ROUNDS
///     store-benchmark get|set REDIS-URL SECONDS [executor]
///     store-benchmark limit THREADS KEYS DECISIONS
@main
struct StoreBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count >= 3, let number = Double(arguments[3]) else { throw Usage() }
        let measure =
            switch arguments[1] {
            case "select": try await Postgres.select(arguments[2], seconds: number)
            case "copy": try await Postgres.copy(arguments[2], rounds: Int(number))
            case "get", "set":
                try await Redis.run(
                    arguments[1], arguments[2], seconds: number, onItsExecutor: arguments.dropFirst(3).first == "executor")
            case "limit":
                try Limits.run(
                    threads: Int(arguments[2]) ?? 1, keys: Int(number), decisions: arguments.count > 3 ? Int(arguments[4]) ?? 0 : 0)
            default: throw Usage()
            }
        print(measure)
    }

    struct Usage: Error {}
}

/// What was measured. CPU time is this process's, user and system.
struct Measure: CustomStringConvertible {
    var operations: Int
    var seconds: Double
    var cpu: Double

    var description: String { #"{"operations": \#(operations), "seconds": \#(seconds), "cpu": \#(cpu)}"# }

    /// CPU seconds of this process so far.
    static var cpuTime: Double {
        var usage = rusage()
        getrusage(CInt(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// Runs `callers` tasks, each of which does one thing after the other until the time is up: once to warm up, once for the figures.
    static func concurrently(
        callers: Int, seconds: Double, _ body: @escaping @Sendable (_ key: Int64) async throws -> Void
    ) async throws -> Measure {
        func run(for time: Double) async throws -> Measure {
            let (start, cpu) = (ContinuousClock.now, Measure.cpuTime)
            let end = start + .seconds(time)
            let operations = try await withThrowingTaskGroup(of: Int.self) { group in
                for caller in 0..<callers {
                    group.addTask {
                        var keys = Keys(seed: UInt64(caller + 1))
                        var count = 0
                        while ContinuousClock.now < end {
                            try await body(keys.next())
                            count += 1
                        }
                        return count
                    }
                }
                return try await group.reduce(0, +)
            }
            return Measure(operations: operations, seconds: start.duration(to: .now) / .seconds(1), cpu: Measure.cpuTime - cpu)
        }
        _ = try await run(for: min(1, seconds / 4))
        return try await run(for: seconds)
    }
}

/// Keys in no order, without asking the system for random numbers.
struct Keys {
    static let count: UInt64 = 100_000
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    /// From 1 to ``count``.
    mutating func next() -> Int64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int64((state >> 33) % Self.count) + 1
    }
}
