/// Equality of JSON values (JSON Schema 2020-12 core §4.2.2): numbers by their mathematical value, strings by their code points, members in
/// any order.
extension JSONTree {
    func isEqual(_ index: Int32, to other: Int32, of tree: JSONTree) -> Bool {
        let (lhs, rhs) = (nodes[Int(index)], tree.nodes[Int(other)])
        guard lhs.kind == rhs.kind else { return false }
        switch lhs.kind {
        case .null: return true
        case .boolean: return lhs.count == rhs.count
        case .number: return decimal(index) == tree.decimal(other)
        case .string:
            if !lhs.hasEscapes, !rhs.hasEscapes, lhs.count != rhs.count { return false }
            return bytes(index) == tree.bytes(other)
        case .array:
            guard lhs.count == rhs.count else { return false }
            return zip(children(of: index), tree.children(of: other)).allSatisfy { isEqual($0, to: $1, of: tree) }
        case .object:
            guard lhs.count == rhs.count else { return false }
            var members: [[UInt8]: Int32] = [:]
            for member in tree.children(of: other) { members[tree.nameBytes(member)] = member }
            return children(of: index).allSatisfy { member in
                guard let match = members[nameBytes(member)] else { return false }
                return isEqual(member, to: match, of: tree)
            }
        }
    }

    /// Equal values have equal hashes.
    func hash(_ index: Int32) -> Int {
        let node = nodes[Int(index)]
        var hasher = Hasher()
        hasher.combine(node.kind)
        switch node.kind {
        case .null: break
        case .boolean: hasher.combine(node.count)
        case .number: hasher.combine(decimal(index))
        case .string: hasher.combine(bytes(index))
        case .array: for child in children(of: index) { hasher.combine(hash(child)) }
        case .object:
            // A sum does not depend on the members' order.
            var sum = 0
            for member in children(of: index) {
                var memberHasher = Hasher()
                memberHasher.combine(nameBytes(member))
                memberHasher.combine(hash(member))
                sum &+= memberHasher.finalize()
            }
            hasher.combine(sum)
        }
        return hasher.finalize()
    }

    /// Two children of an array that are equal; the time is that of looking at each once.
    func duplicate(in array: Int32) -> (Int32, Int32)? {
        var seen: [Int: [Int32]] = [:]
        for child in children(of: array) {
            let hash = hash(child)
            if let twin = seen[hash]?.first(where: { isEqual(child, to: $0, of: self) }) { return (twin, child) }
            seen[hash, default: []].append(child)
        }
        return nil
    }
}
