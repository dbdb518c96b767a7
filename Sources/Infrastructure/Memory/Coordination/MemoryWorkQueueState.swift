internal import Coordination

/// The jobs of a queue: each waits, is taken, or is dead.
struct MemoryWorkQueueState {
    enum Place {
        case waiting(until: Int64)
        case taken(until: Int64)
        case dead(since: Int64)
    }

    struct Entry {
        let payload: [UInt8]
        var attempt: Int
        var place: Place
    }

    private var entries: [Int64: Entry] = [:]
    private var waiting = Schedule()
    private var taken = Schedule()
    private var dead = Schedule()
    private var last: Int64 = 0

    var counts: WorkQueueCounts { WorkQueueCounts(waiting: waiting.count, taken: taken.count, dead: dead.count) }

    /// When there may be something to take.
    var nextTime: Int64? {
        switch (waiting.first?.time, taken.first?.time) {
        case (let first?, let second?): min(first, second)
        case (let first, let second): first ?? second
        }
    }

    mutating func put(_ payload: [UInt8], _ limits: WorkQueueLimits, _ now: Int64) throws(WorkQueueFailure) -> Int64 {
        guard waiting.count + taken.count < limits.capacity else { throw .full }
        last = max(last + 1, now)
        entries[last] = Entry(payload: payload, attempt: 0, place: .waiting(until: now))
        waiting.insert(last, at: now)
        return last
    }

    mutating func take(_ count: Int, _ limits: WorkQueueLimits, _ now: Int64, visibility: Int64) -> [Job] {
        for slot in taken.removeDue(now, limit: taken.count) {
            guard var entry = entries[slot.number] else { continue }
            if entry.attempt >= limits.maximumAttempts {
                bury(slot.number, entry, limits, now)
            } else {
                entry.place = .waiting(until: slot.time)
                entries[slot.number] = entry
                waiting.insert(slot.number, at: slot.time)
            }
        }
        let end = now.addingClamped(visibility)
        return waiting.removeDue(now, limit: count).compactMap { slot in
            guard var entry = entries[slot.number] else { return nil }
            entry.attempt += 1
            entry.place = .taken(until: end)
            entries[slot.number] = entry
            taken.insert(slot.number, at: end)
            return Job(id: String(slot.number), payload: entry.payload, attempt: entry.attempt)
        }
    }

    /// The entry of a job, if this taking of it is the present one.
    func taken(_ job: Job) -> (Int64, Entry)? {
        guard let number = Int64(job.id), let entry = entries[number], case .taken = entry.place, entry.attempt == job.attempt else {
            return nil
        }
        return (number, entry)
    }

    func dead(_ id: String) -> (Int64, Entry)? {
        guard let number = Int64(id), let entry = entries[number], case .dead = entry.place else { return nil }
        return (number, entry)
    }

    func deadLetters(_ count: Int) -> [Job] {
        dead.numbers.prefix(count).compactMap { number in
            entries[number].map { Job(id: String(number), payload: $0.payload, attempt: $0.attempt) }
        }
    }

    mutating func move(_ number: Int64, _ entry: Entry, to place: Place) {
        leave(number, entry.place)
        switch place {
        case .waiting(let time): waiting.insert(number, at: time)
        case .taken(let time): taken.insert(number, at: time)
        case .dead(let time): dead.insert(number, at: time)
        }
        entries[number] = Entry(payload: entry.payload, attempt: entry.attempt, place: place)
    }

    /// Makes a job a dead letter; the oldest goes when there are too many.
    mutating func bury(_ number: Int64, _ entry: Entry, _ limits: WorkQueueLimits, _ now: Int64) {
        move(number, entry, to: .dead(since: now))
        while dead.count > limits.deadLetterCapacity, let oldest = dead.first { remove(oldest.number) }
    }

    mutating func remove(_ number: Int64) {
        if let entry = entries.removeValue(forKey: number) { leave(number, entry.place) }
    }

    private mutating func leave(_ number: Int64, _ place: Place) {
        switch place {
        case .waiting(let time): waiting.remove(number, at: time)
        case .taken(let time): taken.remove(number, at: time)
        case .dead(let time): dead.remove(number, at: time)
        }
    }
}
