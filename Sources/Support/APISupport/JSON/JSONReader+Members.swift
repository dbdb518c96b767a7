/// Members of an object by the names that its schema gives.
extension JSONReader {
    /// The index of the next member among `names`, -1 for one that is not among them, nil after the closing brace; with the reader before the
    /// member's value. A member that is there a second time is a violation.
    public mutating func nextMember(_ names: MemberNames, _ seen: inout MemberSet) throws(JSONSyntaxError) -> Int? {
        while try advanceInObject() {
            let token = try scanString()
            validation.enter(PathSegment(offset: token.start, count: token.count))
            try consumeColon()
            member = token
            let index =
                token.hasEscapes
                ? names.index(of: key(token)) : names.index(of: base + token.start, token.count, expected: seen.expected)
            if names.isDirected, names.isOmitted(index, direction) {
                try skipValue()
                continue
            }
            if !seen.meet(index) { validation.report(rule: "duplicate", "is there more than once") }
            return index
        }
        return nil
    }

    /// Records rule `required` for each required member that was not there.
    public mutating func require(_ names: MemberNames, _ seen: MemberSet) {
        let isWhole = seen.containsAll(names.requiredBits) && names.required.count <= 64 && (names.required.last ?? 0) < 64
        if !isWhole {
            for index in names.required where !seen.contains(index) { validation.missing(names.names[index]) }
        }
        guard names.isDirected else { return }
        for index in names.required(direction) where !seen.contains(index) { validation.missing(names.names[index]) }
    }

    /// The member whose value is next, which its object's schema does not name, into a map of such. A repeated key is a violation.
    @inlinable
    public mutating func readAdditional<T>(
        into values: inout [String: T], _ value: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws(JSONSyntaxError) {
        try readAdditional(memberKey, into: &values, value)
    }

    /// The name that ``nextMember(_:_:)`` found last.
    public var memberKey: JSONKey { key(member) }
}

extension MemberNames {
    /// For a name that was written with escapes.
    fileprivate func index(of key: JSONKey) -> Int {
        withExtendedLifetime(key.owner) { index(of: key.bytes, key.count, expected: names.count) }
    }
}
