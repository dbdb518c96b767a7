/// A value between its text on the wire and JSON.
enum TextValue: Sendable, Equatable {
    struct Member: Sendable, Equatable {
        var name: String
        var value: TextValue
    }

    case text(String)
    case list([TextValue])
    case members([Member])
}

// MARK: To JSON

extension TextValue {
    /// The JSON text of the value, each text as the kind of value that the schema allows. What fits nothing is written as a string: the
    /// reader of the JSON then says what is wrong with it.
    func json(_ schema: TextSchema) -> [UInt8] {
        var json = JSONWriter()
        write(to: &json, as: schema)
        return json.bytes
    }

    private func write(to json: inout JSONWriter, as schema: TextSchema) {
        switch self {
        case .text(let text) where schema.isArrayOnly: json.writeArray([text]) { Self.write($0, to: &$1, as: schema.elements[0]) }
        case .text(let text): Self.write(text, to: &json, as: schema)
        case .list(let values):
            let element = schema.elements.first ?? .string
            json.writeArray(values) { $0.write(to: &$1, as: element) }
        case .members(let members):
            json.beginObject()
            for member in members {
                json.key(member.name)
                member.value.write(to: &json, as: schema.member(member.name))
            }
            json.endObject()
        }
    }

    private static func write(_ text: String, to json: inout JSONWriter, as schema: TextSchema) {
        let kinds = schema.kinds
        if kinds.contains(.json), (try? JSONReader.decode(JSONValue.self, from: [UInt8](text.utf8))) != nil {
            return json.writeSource(text)
        }
        if kinds.contains(.null), text == "null" { return json.writeNull() }
        if kinds.contains(.boolean), text == "true" || text == "false" { return json.write(text == "true") }
        if kinds.contains(.number), isNumber(text) { return json.writeSource(text) }
        json.write(text)
    }

    /// A number as JSON writes it (RFC 8259 §6), of a length that the reader takes.
    private static func isNumber(_ text: String) -> Bool {
        guard let first = text.utf8.first, first == UInt8(ascii: "-") || FormatCheck.isDigit(first),
            text.utf8.last.map(FormatCheck.isDigit) == true, text.utf8.count <= JSONReader.maximumNumberLength
        else { return false }
        var validation = Validation()
        let isRead: Bool? = try? JSONReader.decode(from: [UInt8](text.utf8), into: &validation) {
            (json: inout JSONReader) throws(JSONSyntaxError) -> Bool? in
            try json.skipValue()
            return true
        }
        return isRead == true
    }
}

// MARK: From JSON

extension TextValue {
    /// The value of a JSON text; nil for null. Numbers keep their digits.
    static func of(json bytes: [UInt8]) -> TextValue? {
        var validation = Validation()
        let value: TextValue?? = try? JSONReader.decode(from: bytes, into: &validation) {
            (json: inout JSONReader) throws(JSONSyntaxError) -> TextValue?? in
            .some(try Self.read(from: &json))
        }
        return value.flatMap { $0 }
    }

    static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> TextValue? {
        switch try json.nextKind {
        case .null:
            _ = try json.readNull()
            return nil
        case .string: return try json.readString().map { .text($0) }
        case .boolean, .number: return .text(try json.sourceText())
        case .array:
            var values: [TextValue] = []
            guard try json.beginArray() else { return nil }
            while try json.nextElement() { values.append(try read(from: &json) ?? .text("null")) }
            return .list(values)
        case .object:
            var members: [Member] = []
            guard try json.beginObject() else { return nil }
            while let key = try json.nextKey() {
                let name = key.string
                if let value = try read(from: &json) { members.append(Member(name: name, value: value)) }
            }
            return .members(members)
        }
    }

    /// The texts of an element that stands where only text can: nested lists and members lose their structure.
    var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let values): values.flatMap(\.texts)
        case .members(let members): members.flatMap { [$0.name] + $0.value.texts }
        }
    }
}

extension JSONReader {
    /// The text of the value that is next, as it stands, which is passed.
    mutating func sourceText() throws(JSONSyntaxError) -> String {
        _ = peekToken()
        let start = position
        try skipValue()
        return String(decoding: UnsafeBufferPointer(start: base + start, count: position - start), as: UTF8.self)
    }
}
