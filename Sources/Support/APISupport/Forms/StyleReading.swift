/// Reading of values by their style (OpenAPI 3.2 §4.12.6, style examples).
extension ParameterStyle {
    /// The value in `texts`, all that came for the parameter, but for exploded objects of style `form` and for `deepObject`, whose members
    /// have names of their own (see ``members(_:of:in:)``).
    ///
    /// - Returns: nil when it is absent. More than one value where there can be but one: all of them.
    func values(_ texts: [WireText], name: String, explode: Bool, schema: TextSchema) -> [TextValue] {
        switch self {
        case .form, .cookie, .spaceDelimited, .pipeDelimited:
            if explode { return exploded(texts, schema) }
            return texts.map { Self.value($0.split(delimiter), of: $0, schema) }
        case .simple:
            return texts.map { text in
                let parts = text.encoding == .none ? Self.fieldElements(text) : text.split(.comma)
                return explode && schema.isObject ? Self.pairs(parts) : Self.value(parts, of: text, schema)
            }
        case .label:
            return texts.map { text in
                guard let text = text.dropping(".") else { return .text(text.decoded) }
                guard explode else { return Self.value(text.split(.comma), of: text, schema) }
                let parts = text.split(.period)
                return schema.isObject ? Self.pairs(parts) : Self.value(parts, of: text, schema)
            }
        case .matrix: return texts.map { matrix($0, name: name, explode: explode, schema) }
        case .deepObject: return []
        }
    }

    /// The members of an object that come as parameters of their own. `pairs`: all that there are; `excluded`: names that are other
    /// parameters'.
    static func members(
        _ pairs: [(name: String, text: WireText)], schema: TextSchema, excluded: [StaticString]
    ) -> [TextValue] {
        let excluded = Set(excluded.map(\.description))
        let named = Set(schema.members.map(\.name.description))
        var members: [TextValue.Member] = []
        var lists: [String: Int] = [:]
        func isOther(_ name: String) -> Bool { !excluded.contains(name) && !excluded.contains(String(name.prefix { $0 != "[" })) }
        for (name, text) in pairs where named.contains(name) || !schema.others.isEmpty && isOther(name) {
            let value = TextValue.text(text.decoded)
            guard !schema.member(name).elements.isEmpty else {
                members.append(TextValue.Member(name: name, value: value))
                continue
            }
            if let index = lists[name], case .list(let earlier) = members[index].value {
                members[index].value = .list(earlier + [value])
            } else {
                lists[name] = members.count
                members.append(TextValue.Member(name: name, value: .list([value])))
            }
        }
        // A union of a scalar and a list: one value is the scalar.
        for (name, index) in lists where !schema.member(name).isArrayOnly {
            if case .list(let values) = members[index].value, values.count == 1 { members[index].value = values[0] }
        }
        return members.isEmpty ? [] : [.members(members)]
    }

    private var delimiter: Delimiter {
        switch self {
        case .spaceDelimited: .space
        case .pipeDelimited: .pipe
        default: .comma
        }
    }

    private func exploded(_ texts: [WireText], _ schema: TextSchema) -> [TextValue] {
        let values = texts.map { TextValue.text($0.decoded) }
        guard !schema.elements.isEmpty, values.count > 1 || values.count == 1 && schema.isArrayOnly else { return values }
        return [.list(values)]
    }

    /// `;color=blue,black`, exploded `;color=blue;color=black`; an empty value has no `=` (RFC 6570 §3.2.7).
    private func matrix(_ text: WireText, name: String, explode: Bool, _ schema: TextSchema) -> TextValue {
        guard let content = text.dropping(";") else { return .text(text.decoded) }
        let parts = content.split(.semicolon)
        if explode, schema.isObject { return Self.pairs(parts) }
        let values = parts.map(\.pair).filter { $0.name == name }.map(\.value)
        guard values.count == parts.count else { return .text(text.decoded) }
        if explode { return Self.value(values, of: values[0], schema) }
        return values.count == 1 ? Self.value(values[0].split(.comma), of: values[0], schema) : .list(values.map { .text($0.decoded) })
    }

    /// A value that is not exploded: names and values of an object alternate.
    private static func value(_ parts: [WireText], of whole: WireText, _ schema: TextSchema) -> TextValue {
        if schema.isObject, parts.count > 1 || schema.kinds.isEmpty && schema.elements.isEmpty {
            guard parts.count % 2 == 0 else { return .text(whole.decoded) }
            return .members(
                stride(from: 0, to: parts.count, by: 2).map { index in
                    TextValue.Member(name: parts[index].decoded, value: .text(parts[index + 1].decoded))
                })
        }
        guard !schema.elements.isEmpty, schema.kinds.isEmpty || parts.count > 1 else { return .text(whole.decoded) }
        return .list(parts.map { .text($0.decoded) })
    }

    private static func pairs(_ parts: [WireText]) -> TextValue {
        .members(
            parts.map(\.pair).map { TextValue.Member(name: $0.name, value: .text($0.value.decoded)) })
    }

    // MARK: Header fields

    /// The elements of a comma-separated list (RFC 9110 §5.6.1), empty ones left out; one in quotes may hold commas.
    static func fieldElements(_ text: WireText) -> [WireText] {
        var elements: [WireText] = []
        var element: [UInt8] = []
        var isQuoted = false
        var wasQuoted = false
        var isEscaped = false
        func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
            let start = bytes.drop { $0 == 0x20 || $0 == 0x09 }
            return start.prefix((start.lastIndex { $0 != 0x20 && $0 != 0x09 } ?? start.startIndex - 1) - start.startIndex + 1)
        }
        func finish() {
            let bytes = wasQuoted ? element[...] : trimmed(element)
            if wasQuoted || !bytes.isEmpty { elements.append(WireText(bytes, .none)) }
            element = []
            wasQuoted = false
        }
        for byte in text.bytes {
            if isQuoted {
                if isEscaped {
                    element.append(byte)
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isQuoted = false
                } else {
                    element.append(byte)
                }
            } else if byte == UInt8(ascii: ",") {
                finish()
            } else if byte == UInt8(ascii: "\""), !wasQuoted, trimmed(element).isEmpty {
                element = []
                isQuoted = true
                wasQuoted = true
            } else if !wasQuoted || byte != 0x20 && byte != 0x09 {
                element.append(byte)
            }
        }
        finish()
        return elements
    }
}
