/// The charsets that text is read in (RFC 9110 §8.3.2).
enum Charset: String, Sendable {
    case utf8 = "UTF-8"
    case ascii = "US-ASCII"
    case latin1 = "ISO-8859-1"

    /// The charset that a media type names, UTF-8 when it names none; nil for one that is not read here.
    init?(mediaType field: String) {
        guard let name = MediaType.parameter("charset", of: field) else {
            self = .utf8
            return
        }
        switch name.lowercased() {
        case "utf-8", "utf8": self = .utf8
        case "us-ascii", "ascii": self = .ascii
        case "iso-8859-1", "latin1": self = .latin1
        default: return nil
        }
    }

    /// nil when the bytes are no text in this charset.
    func decode(_ bytes: [UInt8]) -> String? {
        switch self {
        case .utf8: UTF8Check.isValid(bytes) ? String(decoding: bytes, as: UTF8.self) : nil
        case .ascii: bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
        case .latin1: String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
        }
    }
}
