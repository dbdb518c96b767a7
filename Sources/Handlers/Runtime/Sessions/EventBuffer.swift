/// The latest events of a session, in a buffer with two bounds, so that a reader can resume.
///
/// Events are numbered from 1. When a bound is reached the oldest go.
struct EventBuffer: Sendable {
    /// An event with its number.
    struct Entry: Sendable {
        let number: UInt64
        let event: SessionEvent
    }

    /// The most events kept.
    let maximumCount: Int
    /// About how many bytes of events are kept.
    let maximumBytes: Int
    /// A ring of at most ``maximumCount`` entries; `head` is the oldest once it is full.
    private var ring: [Entry] = []
    private var head = 0
    private var count = 0
    private var bytes = 0
    private var lastNumber: UInt64 = 0

    init(maximumCount: Int, maximumBytes: Int) {
        self.maximumCount = max(1, maximumCount)
        self.maximumBytes = maximumBytes
    }

    /// Takes an event and numbers it.
    mutating func append(_ event: SessionEvent) -> Entry {
        lastNumber += 1
        let entry = Entry(number: lastNumber, event: event)
        if count == maximumCount { removeFirst() }
        let place = (head + count) % maximumCount
        if place < ring.count { ring[place] = entry } else { ring.append(entry) }
        count += 1
        bytes += event.size
        while bytes > maximumBytes, count > 1 { removeFirst() }
        return entry
    }

    /// The events behind a number.
    ///
    /// - Returns: Nil when some of them are no longer kept, or when the number was never given out.
    func entries(after number: UInt64) -> [Entry]? {
        guard number <= lastNumber, number >= lastNumber - UInt64(count) else { return nil }
        let missing = Int(lastNumber - number)
        return (count - missing..<count).map { ring[(head + $0) % maximumCount] }
    }

    private mutating func removeFirst() {
        bytes -= ring[head].event.size
        // The slot stays until it is used again; its content must not.
        ring[head] = Entry(number: 0, event: .turnCancelled(turnID: ""))
        head = (head + 1) % maximumCount
        count -= 1
    }
}
