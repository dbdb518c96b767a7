/// Reading of `application/x-www-form-urlencoded` fields as the JSON of the object that they make (OpenAPI 3.2 §4.15.1).
enum FormReading {
    /// The fields' pairs; nil when there are too many.
    static func pairs(_ bytes: ArraySlice<UInt8>) -> [(name: String, text: WireText)]? {
        FormURLEncoded.pairs(bytes)?.map { ($0.name, WireText($0.value, .form)) }
    }

    /// The JSON of the object. A field that can be there but once is written as often as it came: the reader reports it.
    ///
    /// - Parameter emptyIsAbsent: A field with an empty value counts as absent, as RFC 6749 §3.2 says.
    static func json(
        _ pairs: [(name: String, text: WireText)], schema: TextSchema, encoding: [FormEncoding], emptyIsAbsent: Bool
    ) -> [UInt8] {
        var members: [TextValue.Member] = []
        let encodings = Dictionary(encoding.map { ($0.name.description, $0) }) { first, _ in first }
        let deep = encoding.filter { $0.style == .deepObject }.map(\.name.description)
        var lists: [String: Int] = [:]
        for (name, text) in pairs where !(emptyIsAbsent && text.bytes.isEmpty) {
            if deep.contains(where: { name.hasPrefix($0 + "[") }) { continue }
            let field = schema.member(name)
            if let encoding = encodings[name], !encoding.explode || encoding.style != .form {
                for value in encoding.style.values([text], name: name, explode: encoding.explode, schema: field) {
                    members.append(TextValue.Member(name: name, value: value))
                }
            } else if field.elements.isEmpty {
                members.append(TextValue.Member(name: name, value: .text(text.decoded)))
            } else if let index = lists[name], case .list(let earlier) = members[index].value {
                members[index].value = .list(earlier + [.text(text.decoded)])
            } else {
                lists[name] = members.count
                members.append(TextValue.Member(name: name, value: .list([.text(text.decoded)])))
            }
        }
        for (name, index) in lists where !schema.member(name).isArrayOnly {
            if case .list(let values) = members[index].value, values.count == 1 { members[index].value = values[0] }
        }
        for name in deep {
            var object = DeepObject()
            for pair in pairs { object.insert(pair.name, of: name, pair.text.decoded) }
            if let value = object.value(schema.member(name)) { members.append(TextValue.Member(name: name, value: value)) }
        }
        return TextValue.members(members).json(schema)
    }
}
