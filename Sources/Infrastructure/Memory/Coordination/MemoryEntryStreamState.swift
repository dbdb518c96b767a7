internal import Coordination

/// The entries of a stream, and what its groups have had of them.
struct MemoryEntryStreamState {
    typealias Entry = (id: StreamEntryID, payload: [UInt8])

    private struct Pending {
        var time: Int64
        var deliveries: Int
    }

    private struct Group {
        /// The last entry that a consumer has had.
        var last: StreamEntryID
        var pending: [StreamEntryID: Pending] = [:]
    }

    /// Trimmed when there are so many too many, as Redis does: one by one, each would move all others.
    private static let slack = 100

    private(set) var last = StreamEntryID.zero
    /// Their numbers follow one another.
    private var entries: [Entry] = []
    private var groups: [String: Group] = [:]

    mutating func append(_ payloads: [[UInt8]], _ limits: StreamLimits, _ now: Int64) -> [StreamEntryID] {
        let milliseconds = max(last.milliseconds, UInt64(max(0, now)) / 1000)
        let ids = payloads.map { payload in
            last = StreamEntryID(milliseconds: milliseconds, number: last.number + 1)
            entries.append((last, payload))
            return last
        }
        if entries.count > limits.maximumEntries + Self.slack { entries.removeFirst(entries.count - limits.maximumEntries) }
        return ids
    }

    mutating func createGroup(_ name: String, from start: StreamStart, _ limits: StreamLimits) throws(StreamFailure) {
        guard groups[name] == nil else { return }
        guard groups.count < limits.maximumGroups else { throw .tooManyGroups }
        switch start {
        case .beginning:
            // What was trimmed before is nothing that the group has missed.
            let before = entries.first.map { StreamEntryID(milliseconds: $0.id.milliseconds, number: $0.id.number - 1) }
            groups[name] = Group(last: before ?? last)
        case .end: groups[name] = Group(last: last)
        case .after(let id): groups[name] = Group(last: id)
        }
    }

    func entries(after id: StreamEntryID, count: Int) -> ArraySlice<Entry> {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].id <= id { low = middle + 1 } else { high = middle }
        }
        return entries[low...].prefix(count)
    }

    mutating func read(
        _ name: String, count: Int, _ limits: StreamLimits, _ now: Int64
    ) throws(StreamFailure) -> StreamBatch {
        guard var group = groups[name] else { throw .noGroup }
        let room = limits.maximumPending - group.pending.count
        guard room > 0 else { throw .tooManyPending }
        let found = entries(after: group.last, count: min(count, room))
        guard let first = found.first, let last = found.last else { return StreamBatch(entries: [], hasGap: false) }
        let hasGap = !group.last.isFollowed(by: first.id)
        // Out of the dictionary while it changes, so that nothing is copied.
        groups[name] = nil
        for entry in found { group.pending[entry.id] = Pending(time: now, deliveries: 1) }
        group.last = last.id
        groups[name] = group
        return StreamBatch(entries: found.map { StreamEntry(id: $0.id, payload: $0.payload, deliveries: 1) }, hasGap: hasGap)
    }

    mutating func acknowledge(_ ids: [StreamEntryID], in name: String) -> Int {
        ids.reduce(0) { $0 + (groups[name]?.pending.removeValue(forKey: $1) == nil ? 0 : 1) }
    }

    mutating func claim(
        _ name: String, before time: Int64, count: Int, _ now: Int64
    ) throws(StreamFailure) -> StreamClaim {
        guard let group = groups[name] else { throw .noGroup }
        var (claimed, trimmed): ([StreamEntry], [StreamEntryID]) = ([], [])
        for (id, pending) in group.pending.filter({ $0.value.time <= time }).sorted(by: { $0.key < $1.key }) {
            guard let entry = entry(id) else {
                groups[name]?.pending.removeValue(forKey: id)
                trimmed.append(id)
                continue
            }
            guard claimed.count < count else { break }
            groups[name]?.pending[id] = Pending(time: now, deliveries: pending.deliveries + 1)
            claimed.append(StreamEntry(id: id, payload: entry.payload, deliveries: pending.deliveries + 1))
        }
        return StreamClaim(entries: claimed, trimmed: trimmed)
    }

    private func entry(_ id: StreamEntryID) -> Entry? {
        guard let first = entries.first, id >= first.id, id.number >= first.id.number else { return nil }
        let index = Int(id.number - first.id.number)
        return index < entries.count && entries[index].id == id ? entries[index] : nil
    }
}
