/// Shorthands for what generated `read(from:)` does again and again. Each leaves the reader behind the value, whatever was wrong with it.
extension JSONReader {
    /// An array; nil when it is none, or an element could not be read.
    @inlinable
    public mutating func readArray<T>(
        _ element: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws(JSONSyntaxError) -> [T]? {
        guard try beginArray() else { return nil }
        var values: [T] = []
        var isComplete = true
        while try nextElement() {
            guard let value = try element(&self) else {
                isComplete = false
                continue
            }
            // Short arrays are made in one piece.
            if values.isEmpty { values.reserveCapacity(4) }
            values.append(value)
        }
        return isComplete ? values : nil
    }

    /// An object as a map; nil when it is none, or a member could not be read. A repeated key is a violation.
    @inlinable
    public mutating func readMap<T>(
        _ value: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws(JSONSyntaxError) -> [String: T]? {
        guard try beginObject() else { return nil }
        var values: [String: T] = [:]
        var isComplete = true
        while let key = try nextKey() {
            let name = key.string
            guard let value = try value(&self) else {
                if values[name] != nil { reportDuplicate() }
                isComplete = false
                continue
            }
            // Small maps are made in one piece.
            if values.isEmpty { values.reserveCapacity(3) }
            if values.updateValue(value, forKey: name) != nil { reportDuplicate() }
        }
        return isComplete ? values : nil
    }

    /// A member that its object's schema does not name, into a map of such. A repeated key is a violation.
    @inlinable
    public mutating func readAdditional<T>(
        _ key: JSONKey, into values: inout [String: T], _ value: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws(JSONSyntaxError) {
        let name = key.string
        if let value = try value(&self) {
            if values.updateValue(value, forKey: name) != nil { reportDuplicate() }
        } else if values[name] != nil {
            reportDuplicate()
        }
    }

    @usableFromInline
    mutating func reportDuplicate() { validation.report(rule: "duplicate", "is there more than once") }

    /// Passes a string that can only be `value`; anything else breaks rule `const`.
    public mutating func readConstant(_ value: StaticString) throws(JSONSyntaxError) {
        if peekToken() == UInt8(ascii: "\"") {
            if value ~= key(try scanString()) { return }
        } else {
            try skipValue()
        }
        validation.report(rule: "const", "must be \"\(value)\"")
    }

    /// A string that is one of the values of `T`; another one breaks rule `enum`.
    @inlinable
    public mutating func readEnum<T>(_ cases: EnumCases<T>) throws(JSONSyntaxError) -> T? {
        guard let index = try readName(cases.names) else { return nil }
        return cases.values[index]
    }

    /// The index in `names` of the string that is next; one that is not among them breaks rule `enum`.
    @usableFromInline
    mutating func readName(_ names: NameTable) throws(JSONSyntaxError) -> Int? {
        guard peekToken() == UInt8(ascii: "\"") else {
            _ = try skipWrongType("string")
            return nil
        }
        let token = try scanString()
        let index = token.hasEscapes ? names.index(of: string(token)) : names.index(of: base + token.start, token.count)
        if index == nil { validation.report(rule: "enum", "is not one of the known values") }
        return index
    }

    /// A string that is a case of `T`; another one breaks rule `enum`.
    @inlinable
    public mutating func readEnum<T: RawRepresentable>(_ type: T.Type) throws(JSONSyntaxError) -> T? where T.RawValue == String {
        known(try readString())
    }

    /// An integer that is a case of `T`; another one breaks rule `enum`.
    @inlinable
    public mutating func readEnum<T: RawRepresentable>(_ type: T.Type) throws(JSONSyntaxError) -> T? where T.RawValue == Int64 {
        known(try readInt64())
    }

    /// An integer of 32 bits that is a case of `T`; another one breaks rule `enum`.
    @inlinable
    public mutating func readEnum<T: RawRepresentable>(_ type: T.Type) throws(JSONSyntaxError) -> T? where T.RawValue == Int32 {
        known(try readInt32())
    }

    /// The case of a value that was read; nil was told about already.
    @inlinable
    mutating func known<T: RawRepresentable>(_ rawValue: T.RawValue?) -> T? {
        guard let rawValue else { return nil }
        guard let value = T(rawValue: rawValue) else {
            validation.report(rule: "enum", "is not one of the known values")
            return nil
        }
        return value
    }

    /// The string value of `member` of the object that is next, with the reader still before the object.
    ///
    /// When there is none, records why (rule `type` or `required`), passes the value and returns nil.
    public mutating func discriminator(_ member: StaticString) throws(JSONSyntaxError) -> String? {
        guard try nextKind == .object else {
            _ = try skipWrongType("object")
            return nil
        }
        switch try lookAhead(for: member) {
        case .string(let value): return value
        case .absent: validation.report(rule: "required", member: member, "is required")
        case .otherKind: validation.report(rule: "type", member: member, "must be a string")
        }
        try skipValue()
        return nil
    }

    /// Records that `value` selects no variant, and passes the object.
    public mutating func rejectDiscriminator(_ member: StaticString, _ value: String) throws(JSONSyntaxError) {
        validation.report(rule: "discriminator", member: member, "is not one of the known values")
        try skipValue()
    }

    /// Records that something else than `expected` is there, and passes it.
    public mutating func rejectType(_ expected: StaticString) throws(JSONSyntaxError) {
        validation.report(rule: "type", "must be \(expected)")
        try skipValue()
    }
}
