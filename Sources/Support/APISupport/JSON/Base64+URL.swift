extension Base64 {
    /// The bytes of base64url text (RFC 4648 §5), padded or not; nil when it is none.
    public static func decodeURL(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }) else { return nil }
        var standard = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        while standard.count % 4 != 0 { standard.append(UInt8(ascii: "=")) }
        return decode(String(decoding: standard, as: UTF8.self))
    }

    /// `bytes` in base64url, without padding.
    public static func encodeURL(_ bytes: [UInt8]) -> String {
        let text = encode(bytes).compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension JSONReader {
    /// Bytes in base64url (RFC 4648 §5).
    public mutating func readBase64URL() throws(JSONSyntaxError) -> [UInt8]? {
        guard let text = try readString() else { return nil }
        guard let bytes = Base64.decodeURL(text) else {
            validation.report(rule: "contentEncoding", "is not base64url")
            return nil
        }
        return bytes
    }
}

extension JSONWriter {
    /// Base64url text (RFC 4648 §5), without padding.
    public mutating func writeBase64URL(_ value: [UInt8]) { write(Base64.encodeURL(value)) }
}
