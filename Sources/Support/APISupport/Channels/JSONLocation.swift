/// Finds a member of a JSON text by its path, and puts one in: for what pairs messages, whatever types they have.
///
/// Works on the bytes: nothing is built but the value asked for. A text that is not JSON has no members.
enum JSONLocation {
    enum Found: Equatable {
        /// A string's value, or a number's text.
        case value(String)
        /// The last object of the path lacks the member; it begins at this offset.
        case absent(Int)
        /// Something on the way is no object, or the value is neither string nor number.
        case nowhere
    }

    static func find(_ path: [String], in bytes: [UInt8]) -> Found {
        do {
            var json = try JSONReader(bytes)
            return try find(path[...], in: &json)
        } catch {
            return .nowhere
        }
    }

    private static func find(_ path: ArraySlice<String>, in json: inout JSONReader) throws(JSONSyntaxError) -> Found {
        guard let name = path.first else { return try value(in: &json) }
        guard try json.nextKind == .object else { return .nowhere }
        _ = try json.beginObject()
        let start = json.position
        while let key = try json.nextKey() {
            if key.string == name { return try find(path.dropFirst(), in: &json) }
            try json.skipValue()
        }
        return path.count == 1 ? .absent(start) : .nowhere
    }

    private static func value(in json: inout JSONReader) throws(JSONSyntaxError) -> Found {
        switch try json.nextKind {
        case .string: return try json.readString().map { .value($0) } ?? .nowhere
        case .number:
            _ = json.peekToken()
            let start = json.position
            try json.skipValue()
            return .value(String(decoding: json.text.copy(from: start, to: json.position), as: UTF8.self))
        default: return .nowhere
        }
    }

    /// Puts a member into the object that begins at `offset`, as its first.
    static func insert(_ name: String, _ value: CorrelationValue, at offset: Int, into bytes: inout [UInt8]) {
        var json = JSONWriter()
        json.beginObject()
        json.key(name)
        switch value {
        case .integer(let value): json.write(value)
        case .string(let value): json.write(value)
        }
        json.endObject()
        var member = Array(json.bytes.dropFirst().dropLast())
        let isEmpty = bytes[offset...].first { !JSONReader.isWhitespace($0) } == UInt8(ascii: "}")
        if !isEmpty { member.append(UInt8(ascii: ",")) }
        bytes.insert(contentsOf: member, at: offset)
    }
}

/// What makes a request and its reply a pair.
enum CorrelationValue: Sendable, Equatable {
    case integer(Int64)
    case string(String)

    var text: String {
        switch self {
        case .integer(let value): String(value)
        case .string(let value): value
        }
    }
}

/// Where a channel's requests and replies carry the same value (AsyncAPI 3.0, Correlation ID Object).
public struct CorrelationRule: Sendable, Equatable {
    /// What a value looks like that the requester makes up.
    public enum Kind: Sendable, Equatable { case string, uuid, integer }

    /// Members on the way to the value, from the outside in.
    public let request: [String]
    public let reply: [String]
    public let kind: Kind

    public init(request: [String], reply: [String], kind: Kind) {
        self.request = request
        self.reply = reply
        self.kind = kind
    }
}
