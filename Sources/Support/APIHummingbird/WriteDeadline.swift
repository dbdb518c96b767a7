internal import NIOCore
internal import Synchronization

/// Closes a connection whose peer does not take what is sent to it: each write may take `timeout`.
///
/// There is one timer a connection at most. A write does not move it; when it goes off it looks at the write that is then under way, and is set
/// again for the rest of that one's time.
final class WriteDeadline: Sendable {
    private let channel: any Channel
    private let timeout: TimeAmount
    /// When the write under way started, in nanoseconds of the event loop's clock; 0 when there is none.
    private let start = Atomic<UInt64>(0)
    private let isSet = Atomic<Bool>(false)

    init(channel: any Channel, timeout: TimeAmount) {
        self.channel = channel
        self.timeout = timeout
    }

    /// Begins a write, the only one of the connection.
    func begin() {
        start.store(NIODeadline.now().uptimeNanoseconds, ordering: .sequentiallyConsistent)
        if !isSet.exchange(true, ordering: .sequentiallyConsistent) { schedule(in: timeout) }
    }

    func end() { start.store(0, ordering: .sequentiallyConsistent) }

    private func schedule(in time: TimeAmount) {
        channel.eventLoop.scheduleTask(in: time) { self.check() }
    }

    private func check() {
        // Unset first: a write that begins from here on sets it again, one that began before is seen.
        isSet.store(false, ordering: .sequentiallyConsistent)
        let start = start.load(ordering: .sequentiallyConsistent)
        guard start != 0, channel.isActive else { return }
        let left = NIODeadline.uptimeNanoseconds(start) + timeout - .now()
        guard left > .nanoseconds(0) else { return channel.close(promise: nil) }
        if !isSet.exchange(true, ordering: .sequentiallyConsistent) { schedule(in: left) }
    }
}
