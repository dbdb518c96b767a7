import Coordination
import Foundation
import MemoryInfrastructure

enum Limits {
    /// Decisions of the limiter in memory, each thread for the same keys in turn. With one key, all threads want the same lock.
    static func run(threads: Int, keys: Int, decisions: Int) throws -> Measure {
        let limiter = MemoryRateLimiter(maximumKeys: 1_000_000)
        let limit = RateLimit(requests: 1000, per: .seconds(60))
        let names = (0..<keys).map { "sign-in:203.0.113.\($0)" }
        for name in names { _ = try limiter.take(1, of: name, under: limit) }
        let group = DispatchGroup()
        let (start, cpu) = (ContinuousClock.now, Measure.cpuTime)
        for thread in 0..<threads {
            group.enter()
            // Threads of their own: a pool would run no more of them at a time than there are cores.
            Thread.detachNewThread {
                for index in 0..<decisions { _ = try? limiter.take(1, of: names[(index &+ thread &* 7919) % keys], under: limit) }
                group.leave()
            }
        }
        group.wait()
        return Measure(operations: threads * decisions, seconds: start.duration(to: .now) / .seconds(1), cpu: Measure.cpuTime - cpu)
    }
}
