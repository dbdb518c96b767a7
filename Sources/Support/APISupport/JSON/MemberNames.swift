/// The names of an object's members, in the order of its schema: where a generated reader looks a member up, and knows it by its index.
public struct MemberNames: Sendable {
    let names: [StaticString]
    /// Indices of the members that must be there.
    let required: [Int]
    /// The bits of those of them that are among the first 64.
    let requiredBits: UInt64
    /// Indices of the members that go one way only, and of those of them that must be there then.
    private let readOnly: [Int]
    private let writeOnly: [Int]
    private let requiredOneWay: [Int]
    /// Whether there are such members.
    let isDirected: Bool
    /// Open addressing: an index, or -1 for an empty slot; a power of two of them, at most half of them in use.
    private let slots: [Int16]

    /// - Parameters:
    ///   - names: At most 8,191, all different.
    ///   - required: Indices in `names`.
    ///   - readOnly: Indices of members that no request has; `writeOnly`: that no response has.
    ///   - requiredOneWay: Those of these two that must be there where they may be.
    public init(
        _ names: [StaticString], required: [Int] = [], readOnly: [Int] = [], writeOnly: [Int] = [], requiredOneWay: [Int] = []
    ) {
        self.names = names
        self.readOnly = readOnly
        self.writeOnly = writeOnly
        self.requiredOneWay = requiredOneWay
        isDirected = !readOnly.isEmpty || !writeOnly.isEmpty
        self.required = required
        requiredBits = required.reduce(0) { $1 < 64 ? $0 | 1 << UInt64($1) : $0 }
        var count = 4
        while count < names.count * 2 { count *= 2 }
        var slots = [Int16](repeating: -1, count: count)
        for (index, name) in names.enumerated() {
            var slot = Self.hash(name.utf8Start, name.utf8CodeUnitCount) & (count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = Int16(index)
        }
        self.slots = slots
    }

    /// The index of a name, or -1. `expected` is tried first: members mostly come in the schema's order.
    @inline(__always)
    func index(of bytes: UnsafePointer<UInt8>, _ count: Int, expected: Int) -> Int {
        if expected < names.count, Self.isEqual(names[expected], bytes, count) { return expected }
        let mask = slots.count &- 1
        var slot = Self.hash(bytes, count) & mask
        while true {
            let index = Int(slots[slot])
            if index < 0 || Self.isEqual(names[index], bytes, count) { return index }
            slot = (slot &+ 1) & mask
        }
    }

    /// Whether a member is none of what goes this way.
    func isOmitted(_ index: Int, _ direction: JSONDirection) -> Bool {
        switch direction {
        case .request: readOnly.contains(index)
        case .response: writeOnly.contains(index)
        case .unknown: false
        }
    }

    /// The members that must be there in this direction, beside those that always must.
    func required(_ direction: JSONDirection) -> [Int] {
        direction == .unknown ? [] : requiredOneWay.filter { !isOmitted($0, direction) }
    }

    /// Of the length, the first, the middle and the last byte: good for the few names of a schema, and no worse for hostile ones, which can
    /// only meet as many names as the schema has.
    @inline(__always)
    static func hash(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
        guard count > 0 else { return 0 }
        var hash = count &* 31 &+ Int(bytes[0])
        hash = hash &* 31 &+ Int(bytes[count / 2])
        hash = hash &* 31 &+ Int(bytes[count &- 1])
        return hash ^ hash >> 7
    }

    @inline(__always)
    private static func isEqual(_ name: StaticString, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard name.utf8CodeUnitCount == count else { return false }
        let start = name.utf8Start
        var index = 0
        while index < count {
            if start[index] != bytes[index] { return false }
            index &+= 1
        }
        return true
    }
}

/// Which of an object's members were there.
public struct MemberSet: Sendable {
    /// Members that were met, unnamed and repeated ones included.
    public private(set) var count = 0
    private var bits: UInt64 = 0
    /// The bits of members beyond the first 64.
    private var more: [UInt64] = []
    /// The index that is next when members come in order.
    private(set) var expected = 0

    public init() {}

    /// Whether the member with this index was there.
    public func contains(_ index: Int) -> Bool {
        if index < 64 { return bits & 1 << UInt64(truncatingIfNeeded: index) != 0 }
        let word = index / 64 - 1
        return word < more.count && more[word] & 1 << UInt64(truncatingIfNeeded: index % 64) != 0
    }

    /// Notes a member; false when it was there before.
    @inline(__always)
    mutating func meet(_ index: Int) -> Bool {
        count &+= 1
        guard index >= 0 else { return true }
        expected = index &+ 1
        if index < 64 {
            let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: index)
            let isNew = bits & bit == 0
            bits |= bit
            return isNew
        }
        let isNew = !contains(index)
        while more.count < index / 64 { more.append(0) }
        more[index / 64 - 1] |= 1 << UInt64(truncatingIfNeeded: index % 64)
        return isNew
    }

    /// Whether all of the first 64 members that are required were there.
    @inline(__always)
    func containsAll(_ bits: UInt64) -> Bool { self.bits & bits == bits }
}
