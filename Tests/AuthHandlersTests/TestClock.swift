import AuthHandlers
import FoundationEssentials
import Synchronization

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
    private let instant = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { instant.withLock { $0 } }

    func advance(_ seconds: TimeInterval) { instant.withLock { $0 = $0.addingTimeInterval(seconds) } }

    /// Since 1970, as limiters take it.
    var microseconds: Int64 { Int64(now.timeIntervalSince1970) * 1_000_000 }

    var authClock: AuthClock { AuthClock { self.now } }
}
