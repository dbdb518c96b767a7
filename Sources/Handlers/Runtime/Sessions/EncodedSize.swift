import APISupport

/// How many bytes values take as JSON, without encoding them; never less than they do.
extension String {
    var encodedSize: Int {
        utf8.reduce(into: 2) { size, byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                size += 2
            case 0..<0x20, 0x7F: size += 6
            default: size += 1
            }
        }
    }
}

extension JSONObject {
    var encodedSize: Int { members.reduce(into: 2) { $0 += $1.name.encodedSize + $1.value.encodedSize + 2 } }
}

extension JSONValue {
    var encodedSize: Int {
        switch self {
        case .null, .boolean: 5
        case .integer, .number: 25
        case .string(let text): text.encodedSize
        case .array(let values): values.reduce(into: 2) { $0 += $1.encodedSize + 1 }
        case .object(let object): object.encodedSize
        }
    }
}
