internal import Coordination
internal import FoundationEssentials

/// The calendar's time when it was made, and from then on the monotonic clock's: microseconds since 1970 that never go back.
struct MonotonicTime: Sendable {
    private let start = ContinuousClock.now
    private let offset = Int64(Date().timeIntervalSince1970 * 1_000_000)

    var now: Int64 { offset + start.duration(to: .now).microseconds }
}
