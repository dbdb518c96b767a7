/// Numbers in the order of their times, and of themselves where those are the same.
struct Schedule {
    struct Slot: Comparable {
        let time: Int64
        let number: Int64

        static func < (first: Self, second: Self) -> Bool { (first.time, first.number) < (second.time, second.number) }
    }

    private var slots: [Slot] = []

    var first: Slot? { slots.first }
    var count: Int { slots.count }
    var numbers: [Int64] { slots.map(\.number) }

    mutating func insert(_ number: Int64, at time: Int64) {
        let slot = Slot(time: time, number: number)
        slots.insert(slot, at: index(of: slot))
    }

    mutating func remove(_ number: Int64, at time: Int64) {
        let slot = Slot(time: time, number: number)
        let index = index(of: slot)
        if index < slots.count, slots[index] == slot { slots.remove(at: index) }
    }

    /// Removes those whose time has come.
    mutating func removeDue(_ now: Int64, limit: Int) -> [Slot] {
        let due = Array(slots.prefix(limit).prefix { $0.time <= now })
        slots.removeFirst(due.count)
        return due
    }

    /// Of the first that is not less.
    private func index(of slot: Slot) -> Int {
        var (low, high) = (0, slots.count)
        while low < high {
            let middle = (low + high) / 2
            if slots[middle] < slot { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
