/// A JSON pointer in a URI fragment (RFC 6901, section 6).
struct JSONPointer: Equatable {
    var tokens: [String]

    init(tokens: [String]) { self.tokens = tokens }

    /// - Returns: nil when the text after `#` is no pointer.
    init?(fragment: String) {
        guard let decoded = Self.percentDecoded(fragment) else { return nil }
        if decoded.isEmpty {
            tokens = []
            return
        }
        guard decoded.hasPrefix("/") else { return nil }
        tokens = decoded.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { token in
            String(token).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }

    /// - Returns: nil when an escape is cut short or the bytes are not UTF-8.
    static func percentDecoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? { Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init) }

    /// What it points to below `root`; nil when there is nothing.
    func node(below root: DocumentNode) -> DocumentNode? {
        var node = root
        for token in tokens {
            if let value = node[token] {
                node = value
            } else if let index = Int(token), node.elements.indices.contains(index) {
                node = node.elements[index]
            } else {
                return nil
            }
        }
        return node
    }
}
