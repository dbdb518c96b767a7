/// The encodings files are read and written in.
enum TextEncoding: String, CaseIterable {
    case utf8 = "utf-8"
    case ascii = "ascii"
    case latin1 = "latin-1"

    /// Takes the names in use for them, in any case: `UTF8`, `us-ascii`, `iso-8859-1` …
    init(named name: String) throws(ToolFailure) {
        switch name.lowercased().replacing("_", with: "-") {
        case "utf-8", "utf8": self = .utf8
        case "ascii", "us-ascii": self = .ascii
        case "latin-1", "latin1", "iso-8859-1": self = .latin1
        default:
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw ToolFailure(.invalidArguments, "the encoding '\(name.prefix(40))' is not supported; use one of: \(known)")
        }
    }

    func decode(_ bytes: [UInt8], path: String) throws(ToolFailure) -> String {
        switch self {
        case .utf8:
            guard let text = String(validating: bytes, as: UTF8.self) else { throw notText(path) }
            return text
        case .ascii:
            guard bytes.allSatisfy({ $0 < 0x80 }) else { throw notText(path) }
            return String(decoding: bytes, as: UTF8.self)
        case .latin1:
            return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
    }

    func encode(_ text: String) throws(ToolFailure) -> [UInt8] {
        switch self {
        case .utf8: return Array(text.utf8)
        case .ascii: return try encode(text, below: 0x80)
        case .latin1: return try encode(text, below: 0x100)
        }
    }

    private func encode(_ text: String, below limit: UInt32) throws(ToolFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard scalar.value < limit else {
                throw ToolFailure(.invalidArguments, "the content has the character '\(scalar)', which \(rawValue) cannot hold")
            }
            bytes.append(UInt8(scalar.value))
        }
        return bytes
    }

    private func notText(_ path: String) -> ToolFailure {
        ToolFailure(.notText, "'\(shortened(path))' is not \(rawValue) text; it may be a binary file")
    }
}
