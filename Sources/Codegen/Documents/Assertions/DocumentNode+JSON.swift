extension DocumentNode {
    /// The value as JSON text, numbers with all their digits.
    var json: String {
        switch content {
        case .scalar(let scalar): scalar.json
        case .sequence(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .mapping(let members): "{" + members.map { Scalar.quoted($0.key) + ":" + $0.value.json }.joined(separator: ",") + "}"
        }
    }
}

extension Scalar {
    fileprivate var json: String {
        if isNull { return "null" }
        if let boolean { return boolean ? "true" : "false" }
        return decimal ?? Self.quoted(text)
    }

    /// A number as JSON writes it (RFC 8259, section 6), all its digits kept; nil for what is no number.
    var decimal: String? {
        guard number != nil else { return nil }
        if text.hasPrefix("0x") || text.hasPrefix("0o") { return integer.map { String($0) } }
        var digits = text[...]
        let isNegative = digits.first == "-"
        if digits.first == "-" || digits.first == "+" { digits = digits.dropFirst() }
        let end = digits.firstIndex { $0 == "e" || $0 == "E" } ?? digits.endIndex
        let parts = digits[..<end].split(separator: ".", omittingEmptySubsequences: false)
        let whole = parts[0].drop { $0 == "0" }
        let fraction = parts.count > 1 && !parts[1].isEmpty ? "." + parts[1] : ""
        return (isNegative ? "-" : "") + (whole.isEmpty ? "0" : whole) + fraction + digits[end...]
    }

    /// RFC 8259, section 7.
    fileprivate static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case ..<" ": result += "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2) + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
