import Coordination
import Crypto
import FoundationEssentials
import Logging

/// Slows down guessing.
///
/// Attempts are counted for an account from an address, and for an address over all accounts; never for an account over all addresses: a
/// stranger who guesses cannot lock the owner out. An attempt is counted before the password is looked at, so that guesses made at once
/// count too, and a success takes it back. Each count leaks away at a steady rate, so there is no window to wait for. The counts are kept
/// where all replicas share them; when they cannot be had, no password is looked at: it might be guessed without end otherwise.
struct AttemptLimiter: Sendable {
    /// Whose password or secret is guessed.
    enum Subject: Sendable {
        case account(String)
        case client(String)
    }

    struct Key: Sendable {
        let subject: Subject
        /// ``ClientAddress/key``.
        let address: String
    }

    /// Why an attempt is not looked at; the seconds to wait are at least one.
    enum Refusal: Sendable, Equatable {
        case tooManyAttempts(retryAfter: Int)
        /// The attempts cannot be counted at the moment.
        case unavailable(retryAfter: Int)
    }

    /// Seconds that a caller is told to wait when the counts cannot be had.
    static let outageWait = 5

    private let limiter: GuardedRateLimiter
    private let perSubject: RateLimit
    private let perAddress: RateLimit
    private let logger: Logger
    private let metrics = RateLimitMetrics(limit: "attempts")

    init(_ limiter: any RateLimiter, perSubject: RateLimit, perAddress: RateLimit, logger: Logger) {
        self.limiter = GuardedRateLimiter(limiter, of: "auth", policy: .closed) { change in
            switch change {
            case .away(let cause): logger.error("Attempts cannot be counted, so none is looked at", metadata: ["cause": "\(cause)"])
            case .back: logger.notice("Attempts are counted again")
            }
        }
        self.perSubject = perSubject
        self.perAddress = perAddress
        self.logger = logger
    }

    /// Counts an attempt.
    ///
    /// - Returns: nil when it may go on; otherwise nothing was counted.
    /// - Throws: `CancellationError`.
    func begin(_ key: Key) async throws -> Refusal? {
        do {
            let decisions = try await limiter.take([
                RateCharge(Self.name(key), under: perSubject), RateCharge(Self.name(address: key.address), under: perAddress),
            ])
            metrics.record(isAllowed: decisions?.areAllowed)
            return decisions?.retryAfter.map { .tooManyAttempts(retryAfter: Int(clamping: $0.wholeSeconds)) }
        } catch is RateLimitUnavailable {
            metrics.record(isAllowed: nil)
            return .unavailable(retryAfter: Self.outageWait)
        }
    }

    /// Forgets the failures of a subject from an address, and takes the last attempt back from the address. Where that fails the counts
    /// leak away by themselves.
    func succeed(_ key: Key) async {
        do {
            try await limiter.giveBack([
                RateCharge(Self.name(key), under: perSubject, cost: perSubject.requests),
                RateCharge(Self.name(address: key.address), under: perAddress),
            ])
        } catch {
            logger.warning("A successful attempt stays counted", metadata: ["cause": "\(error)"])
        }
    }

    /// What a subject is called where the counts are kept. Hashed: people type what is not meant for others into the field of the name, too,
    /// and of any length.
    private static func name(_ key: Key) -> String {
        let (kind, name) =
            switch key.subject {
            case .account(let name): ("account", name)
            case .client(let name): ("client", name)
            }
        return "auth:\(kind):\(Base64URL.encode(SHA256.hash(data: Data(name.utf8)))):\(key.address)"
    }

    private static func name(address: String) -> String { "auth:address:\(address)" }
}
