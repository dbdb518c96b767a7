/// Writes `application/x-www-form-urlencoded` bodies from the JSON of the object that they hold.
public enum FormWriter {
    /// The form of an object's members. A list repeats its name, an object is JSON text, unless `encoding` says otherwise; null is left
    /// out.
    public static func encode(_ value: some JSONWritable, encoding: [FormEncoding] = []) -> [UInt8] {
        encode(json: JSONWriter.encode(value), encoding: encoding)
    }

    static func encode(json bytes: [UInt8], encoding: [FormEncoding]) -> [UInt8] {
        let encodings = Dictionary(encoding.map { ($0.name.description, $0) }) { first, _ in first }
        var pairs: [String] = []
        var validation = Validation()
        let read: Bool? = try? JSONReader.decode(from: bytes, into: &validation) {
            (json: inout JSONReader) throws(JSONSyntaxError) -> Bool? in
            guard try json.beginObject() else { return nil }
            while let key = try json.nextKey() {
                let name = key.string
                if let encoding = encodings[name], encoding.isJSON {
                    guard try json.nextKind != .null else {
                        try json.skipValue()
                        continue
                    }
                    pairs += ParameterStyle.form.formPairs(.text(try json.sourceText()), name: name, explode: true)
                } else if let encoding = encodings[name] {
                    guard let value = try TextValue.read(from: &json) else { continue }
                    let extra: Set<UInt8> = encoding.allowReserved ? Set(":/?@!$'()*,;=".utf8) : []
                    pairs += encoding.style.formPairs(value, name: name, explode: encoding.explode, extra: extra)
                } else {
                    for text in try fieldTexts(&json) { pairs += ParameterStyle.form.formPairs(.text(text), name: name, explode: true) }
                }
            }
            return true
        }
        return read == nil ? [] : [UInt8](pairs.joined(separator: "&").utf8)
    }

    /// The texts of one field: of each element of a list, of the value itself otherwise; nested values as JSON.
    private static func fieldTexts(_ json: inout JSONReader) throws(JSONSyntaxError) -> [String] {
        guard try json.nextKind == .array else { return try fieldText(&json).map { [$0] } ?? [] }
        var texts: [String] = []
        guard try json.beginArray() else { return [] }
        while try json.nextElement() { texts.append(try fieldText(&json) ?? "null") }
        return texts
    }

    private static func fieldText(_ json: inout JSONReader) throws(JSONSyntaxError) -> String? {
        switch try json.nextKind {
        case .string: return try json.readString()
        case .null:
            _ = try json.readNull()
            return nil
        case .boolean, .number, .array, .object: return try json.sourceText()
        }
    }
}
