/// A text as it came, its encoding still in it: delimiters are told from encoded characters before anything is decoded.
struct WireText: Sendable {
    enum Encoding: Sendable {
        /// RFC 3986 §2.1.
        case percent
        /// The same with `+` for a space (WHATWG URL §5).
        case form
        /// None: header fields, and cookies of style `cookie`.
        case none
    }

    var bytes: ArraySlice<UInt8>
    var encoding: Encoding

    init(_ bytes: ArraySlice<UInt8>, _ encoding: Encoding) {
        self.bytes = bytes
        self.encoding = encoding
    }

    init(_ text: some StringProtocol, _ encoding: Encoding) { self.init([UInt8](text.utf8)[...], encoding) }

    /// What the text means.
    var decoded: String {
        switch encoding {
        case .none: String(decoding: bytes, as: UTF8.self)
        case .form: FormURLEncoded.decode(bytes)
        case .percent: FormURLEncoded.decode(bytes, plusIsSpace: false)
        }
    }

    /// The text without `prefix`; nil when it does not begin with it.
    func dropping(_ prefix: String) -> WireText? {
        let prefix = [UInt8](prefix.utf8)
        return bytes.starts(with: prefix) ? WireText(bytes.dropFirst(prefix.count), encoding) : nil
    }

    /// The parts between delimiters; one empty part when the text is empty.
    func split(_ delimiter: Delimiter) -> [WireText] {
        var parts: [WireText] = []
        var start = bytes.startIndex
        var index = start
        while index < bytes.endIndex {
            let length = delimiter.length(in: bytes, at: index)
            if length == 0 {
                index += 1
            } else {
                parts.append(WireText(bytes[start..<index], encoding))
                index += length
                start = index
            }
        }
        parts.append(WireText(bytes[start...], encoding))
        return parts
    }

    /// What is before and after the first `=`.
    var pair: (name: String, value: WireText) {
        let equals = bytes.firstIndex(of: UInt8(ascii: "=")) ?? bytes.endIndex
        return (WireText(bytes[..<equals], encoding).decoded, WireText(bytes[equals...].dropFirst(), encoding))
    }
}

/// What separates the elements of a list.
enum Delimiter {
    case comma, period, semicolon
    /// `%20`, `+` or a space.
    case space
    /// `%7C` or `|`.
    case pipe

    /// The length of the delimiter at `index`; 0 when there is none.
    func length(in bytes: ArraySlice<UInt8>, at index: Int) -> Int {
        let byte = bytes[index]
        switch self {
        case .comma: return byte == UInt8(ascii: ",") ? 1 : 0
        case .period: return byte == UInt8(ascii: ".") ? 1 : 0
        case .semicolon: return byte == UInt8(ascii: ";") ? 1 : 0
        case .space: return byte == UInt8(ascii: "+") || byte == UInt8(ascii: " ") ? 1 : encoded("2", "0", in: bytes, at: index)
        case .pipe: return byte == UInt8(ascii: "|") ? 1 : encoded("7", "c", in: bytes, at: index)
        }
    }

    private func encoded(_ high: UnicodeScalar, _ low: UnicodeScalar, in bytes: ArraySlice<UInt8>, at index: Int) -> Int {
        guard bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.endIndex, bytes[index + 1] == UInt8(ascii: high),
            bytes[index + 2] == UInt8(ascii: low) || bytes[index + 2] | 0x20 == UInt8(ascii: low)
        else { return 0 }
        return 3
    }
}
