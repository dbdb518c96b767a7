/// The values of a string enum by their names: where a generated reader looks one up by its bytes, without making a string.
public struct EnumCases<Value: Sendable>: Sendable {
    @usableFromInline let values: [Value]
    @usableFromInline let names: NameTable

    public init(_ values: [Value]) where Value: RawRepresentable, Value.RawValue == String {
        self.values = values
        names = NameTable(values.map(\.rawValue))
    }
}

/// Names by their bytes.
@usableFromInline
struct NameTable: Sendable {
    /// All names, one behind the other.
    private let bytes: [UInt8]
    /// Where each name starts, and where the last one ends.
    private let offsets: [Int]
    /// Open addressing: an index, or -1 for an empty slot; a power of two of them, at most half of them in use.
    private let slots: [Int32]

    /// `names` are all different.
    init(_ names: [String]) {
        var bytes: [UInt8] = []
        var offsets = [0]
        var count = 4
        while count < names.count * 2 { count *= 2 }
        var slots = [Int32](repeating: -1, count: count)
        for (index, name) in names.enumerated() {
            let name = [UInt8](name.utf8)
            var slot = name.withUnsafeBufferPointer { $0.baseAddress.map { MemberNames.hash($0, name.count) } ?? 0 } & (count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = Int32(index)
            bytes += name
            offsets.append(bytes.count)
        }
        self.bytes = bytes
        self.offsets = offsets
        self.slots = slots
    }

    /// The index of a name; nil for one that is not there.
    func index(of name: UnsafePointer<UInt8>, _ count: Int) -> Int? {
        let mask = slots.count &- 1
        var slot = MemberNames.hash(name, count) & mask
        while true {
            let index = Int(slots[slot])
            if index < 0 { return nil }
            if isEqual(index, name, count) { return index }
            slot = (slot &+ 1) & mask
        }
    }

    func index(of name: String) -> Int? {
        var name = name
        return name.withUTF8 { utf8 in
            guard let base = utf8.baseAddress else { return offsets.indices.dropLast().first { offsets[$0] == offsets[$0 + 1] } }
            return index(of: base, utf8.count)
        }
    }

    private func isEqual(_ index: Int, _ name: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let start = offsets[index]
        guard offsets[index &+ 1] &- start == count else { return false }
        for offset in 0..<count where bytes[start &+ offset] != name[offset] { return false }
        return true
    }
}
