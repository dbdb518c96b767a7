/// Writing of values by their style (OpenAPI 3.2 §4.12.6, style examples).
extension ParameterStyle {

    /// A value in a path, with what its style puts in front of it.
    func pathText(_ value: TextValue, name: String, explode: Bool, allowReserved: Bool = false) -> String {
        let isText = if case .text = value { true } else { false }
        let encode = allowReserved && isText ? Self.encodeReservedInPath : PercentEncoding.encode
        let name = PercentEncoding.encode(name)
        switch (self, value) {
        case (.label, .text(let text)): return "." + encode(text)
        case (.label, _): return "." + Self.pieces(value, explode: explode, encode).joined(separator: explode ? "." : ",")
        case (.matrix, .text(let text)): return Self.matrixPair(name, encode(text))
        case (.matrix, .list(let values)) where explode:
            return values.map { Self.matrixPair(name, encode($0.joined)) }.joined()
        case (.matrix, .members(let members)) where explode:
            return members.map { Self.matrixPair(encode($0.name), encode($0.value.joined)) }.joined()
        case (.matrix, _): return Self.matrixPair(name, Self.pieces(value, explode: false, encode).joined(separator: ","))
        case (_, .text(let text)): return encode(text)
        default: return Self.pieces(value, explode: explode, encode).joined(separator: ",")
        }
    }

    /// The pairs of a query, `name=value`, encoded.
    func queryPairs(_ value: TextValue, name: String, explode: Bool, allowReserved: Bool = false) -> [String] {
        let encode = allowReserved ? PercentEncoding.encodeReserved : PercentEncoding.encode
        return pairs(value, name: name, explode: explode, encodeName: PercentEncoding.encode, encode)
    }

    /// The pairs of a form; `extra` bytes stay as they are.
    func formPairs(_ value: TextValue, name: String, explode: Bool, extra: Set<UInt8> = []) -> [String] {
        func encode(_ text: String, _ extra: Set<UInt8>) -> String {
            var bytes: [UInt8] = []
            FormURLEncoded.encode(text, into: &bytes, extra: extra)
            return String(decoding: bytes, as: UTF8.self)
        }
        return pairs(value, name: name, explode: explode, encodeName: { encode($0, []) }, { encode($0, extra) })
    }

    /// The pairs of a `Cookie` field. What no cookie can hold (RFC 6265 §4.1.1) is encoded in style `cookie` too: it would end the pair.
    func cookiePairs(_ value: TextValue, name: String, explode: Bool) -> [String] {
        let encode = self == .cookie ? Self.encodeCookie : PercentEncoding.encode
        return pairs(value, name: name, explode: explode, encodeName: { $0 }, encode)
    }

    /// A header field's value: nothing is encoded; an element that holds a comma or a quote is quoted (RFC 9110 §5.6.4).
    static func fieldText(_ value: TextValue, explode: Bool) -> String {
        if case .text(let text) = value { return text }
        return pieces(value, explode: explode, quoted).joined(separator: ",")
    }

    // MARK: Pieces

    private func pairs(
        _ value: TextValue, name: String, explode: Bool, encodeName: (String) -> String, _ encode: (String) -> String
    ) -> [String] {
        let name = encodeName(name)
        switch value {
        case .text(let text): return ["\(name)=\(encode(text))"]
        case .list(let values) where explode: return values.map { "\(name)=\(encode($0.joined))" }
        case .members(let members) where self == .deepObject:
            return members.flatMap {
                Self.deepPairs($0.value, name: "\(name)\(encodeName("["))\(encodeName($0.name))\(encodeName("]"))", encodeName, encode)
            }
        case .members(let members) where explode:
            return members.flatMap { member -> [String] in
                guard case .list(let values) = member.value else { return ["\(encodeName(member.name))=\(encode(member.value.joined))"] }
                return values.map { "\(encodeName(member.name))=\(encode($0.joined))" }
            }
        case .list, .members:
            // A comma that is allowed elsewhere would end the element here.
            let pieces = Self.pieces(value, explode: false) { encode($0).replacing(",", with: "%2C") }
            return pieces.isEmpty ? [] : ["\(name)=\(pieces.joined(separator: delimiterText))"]
        }
    }

    private static func deepPairs(
        _ value: TextValue, name: String, _ encodeName: (String) -> String, _ encode: (String) -> String
    ) -> [String] {
        switch value {
        case .text(let text): return ["\(name)=\(encode(text))"]
        case .list(let values): return values.map { "\(name)=\(encode($0.joined))" }
        case .members(let members):
            return members.flatMap {
                deepPairs($0.value, name: "\(name)\(encodeName("["))\(encodeName($0.name))\(encodeName("]"))", encodeName, encode)
            }
        }
    }

    private var delimiterText: String {
        switch self {
        case .spaceDelimited: "%20"
        case .pipeDelimited: "%7C"
        default: ","
        }
    }

    /// A list's elements; an object's names and values, in pairs when exploded.
    private static func pieces(_ value: TextValue, explode: Bool, _ encode: (String) -> String) -> [String] {
        switch value {
        case .text(let text): return [encode(text)]
        case .list(let values): return values.map { encode($0.joined) }
        case .members(let members) where explode: return members.map { "\(encode($0.name))=\(encode($0.value.joined))" }
        case .members(let members): return members.flatMap { [encode($0.name), encode($0.value.joined)] }
        }
    }

    /// RFC 6570 §3.2.7: no `=` before an empty value.
    private static func matrixPair(_ name: String, _ value: String) -> String { value.isEmpty ? ";\(name)" : ";\(name)=\(value)" }

    private static func encodeReservedInPath(_ text: String) -> String {
        PercentEncoding.encodeReserved(text).replacing("/", with: "%2F").replacing("?", with: "%3F")
    }

    private static func encodeCookie(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if byte > 0x20, byte < 0x7F, !"\",;\\".utf8.contains(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), HexDigits.upper(byte >> 4), HexDigits.upper(byte)]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func quoted(_ text: String) -> String {
        let mustQuote = text.isEmpty || text.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }
        guard mustQuote || text.utf8.first == 0x20 || text.utf8.last == 0x20 else { return text }
        return "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}

extension TextValue {
    /// The one text of an element: what is nested in it stands behind commas.
    var joined: String { texts.joined(separator: ",") }
}
