public import Coordination
internal import Synchronization

/// A cache within one process, bounded by the bytes of its keys and values.
///
/// When it is full, what has ended goes first, then what was set the longest time ago.
public final class MemoryCache: Cache {
    fileprivate struct Entry {
        var value: [UInt8]
        var end: ContinuousClock.Instant
        var order: UInt64
    }

    fileprivate struct State {
        var entries: [String: Entry] = [:]
        var size = 0
        var sets: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: Bytes of keys and values together.
    public init(capacity: Int = 64 * 1024 * 1024) { self.capacity = max(0, capacity) }

    public func value(for key: String) async throws -> [UInt8]? {
        let now = ContinuousClock.now
        return state.withLock { state -> [UInt8]? in
            guard let entry = state.entries[key] else { return nil }
            guard entry.end > now else {
                state.remove(key)
                return nil
            }
            return entry.value
        }
    }

    public func set(_ value: [UInt8], for key: String, lasting duration: Duration) async throws {
        let now = ContinuousClock.now
        let size = key.utf8.count + value.count
        state.withLock { state in
            state.remove(key)
            // Larger than everything: it is as if it had been removed at once.
            guard size <= capacity else { return }
            state.sets += 1
            state.entries[key] = Entry(value: value, end: now + max(duration, .milliseconds(1)), order: state.sets)
            state.size += size
            if state.size > capacity { state.makeRoom(capacity: capacity, now: now) }
        }
    }

    public func remove(_ key: String) async throws { state.withLock { $0.remove(key) } }

    /// Bytes of keys and values that are kept now.
    public var size: Int { state.withLock { $0.size } }
}

extension MemoryCache.State {
    fileprivate mutating func remove(_ key: String) {
        if let entry = entries.removeValue(forKey: key) { size -= key.utf8.count + entry.value.count }
    }

    /// A quarter goes at once, so that this is seldom; the one that was set last stays.
    fileprivate mutating func makeRoom(capacity: Int, now: ContinuousClock.Instant) {
        for (key, entry) in entries where entry.end <= now { remove(key) }
        for (key, entry) in entries.sorted(by: { $0.value.order < $1.value.order }) {
            guard size > capacity * 3 / 4, entry.order != sets else { return }
            remove(key)
        }
    }
}
