import FoundationEssentials
import Synchronization

/// Slows down guessing.
///
/// Attempts are counted for an account from an address, and for an address over all accounts; never for an account over all addresses: a
/// stranger who guesses cannot lock the owner out. An attempt is counted before the password is looked at, so that guesses made at once
/// count too, and a success takes it back. Each count leaks away at a steady rate (a leaky bucket kept as one instant, GCRA), so there is
/// no window to wait for. What is kept is bounded; when full, the counts nearest to zero go first.
final class AttemptLimiter: Sendable {
    /// Whose password or secret is guessed.
    enum Subject: Hashable, Sendable {
        case account(String)
        case client(String)
    }

    struct Key: Hashable, Sendable {
        let subject: Subject
        /// ``ClientAddress/key``.
        let address: String
    }

    /// How many attempts may come at once, and how long it takes to get one of them back.
    struct Rate: Sendable {
        let burst: Int
        let secondsPerAttempt: Double
    }

    private enum Bucket: Hashable {
        case subject(Key)
        case address(String)
    }

    private let perSubject: Rate
    private let perAddress: Rate
    private let capacity: Int
    private let clock: AuthClock
    /// For each bucket the instant (seconds since 1970) at which it is empty again.
    private let emptyAt = Mutex<[Bucket: Double]>([:])

    init(perSubject: Rate, perAddress: Rate, capacity: Int, clock: AuthClock) {
        self.perSubject = perSubject
        self.perAddress = perAddress
        self.capacity = capacity
        self.clock = clock
    }

    /// Counts an attempt.
    ///
    /// - Returns: nil when it may go on; otherwise the seconds to wait, and nothing is counted.
    func begin(_ key: Key) -> Int? {
        let now = clock.now().timeIntervalSince1970
        return emptyAt.withLock { emptyAt in
            let wait = max(
                Self.wait(perSubject, emptyAt[.subject(key)], now), Self.wait(perAddress, emptyAt[.address(key.address)], now)
            )
            guard wait <= 0 else { return max(1, Int(wait.rounded(.up))) }
            emptyAt[.subject(key)] = max(now, emptyAt[.subject(key)] ?? now) + perSubject.secondsPerAttempt
            emptyAt[.address(key.address)] = max(now, emptyAt[.address(key.address)] ?? now) + perAddress.secondsPerAttempt
            makeRoom(in: &emptyAt, now)
            return nil
        }
    }

    /// Forgets the failures of a subject from an address, and takes the last attempt back from the address.
    func succeed(_ key: Key) {
        emptyAt.withLock { emptyAt in
            emptyAt[.subject(key)] = nil
            emptyAt[.address(key.address)]? -= perAddress.secondsPerAttempt
        }
    }

    /// How many buckets are kept.
    var count: Int { emptyAt.withLock { $0.count } }

    private static func wait(_ rate: Rate, _ emptyAt: Double?, _ now: Double) -> Double {
        guard let emptyAt else { return 0 }
        // One more attempt must fit under the brim.
        return (max(now, emptyAt) - now) - rate.secondsPerAttempt * Double(rate.burst - 1)
    }

    private func makeRoom(in emptyAt: inout [Bucket: Double], _ now: Double) {
        guard emptyAt.count > capacity else { return }
        emptyAt = emptyAt.filter { $0.value > now }
        guard emptyAt.count > capacity else { return }
        // A quarter at once, so that the sorting is paid for by many attempts.
        for (bucket, _) in emptyAt.sorted(by: { $0.value < $1.value }).prefix(emptyAt.count - capacity * 3 / 4) { emptyAt[bucket] = nil }
    }
}
