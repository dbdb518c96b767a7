/// Writes a bundled document as JSON, indented by two spaces.
enum JSONWriter {
    static func write(_ node: BundledNode) -> String { text(node, indent: "") + "\n" }

    private static func text(_ node: BundledNode, indent: String) -> String {
        let inner = indent + "  "
        switch node {
        case .scalar(let scalar): return text(scalar)
        case .sequence(let elements):
            if elements.isEmpty { return "[]" }
            return "[\n" + elements.map { inner + text($0, indent: inner) }.joined(separator: ",\n") + "\n" + indent + "]"
        case .mapping(let members):
            if members.isEmpty { return "{}" }
            let lines = members.map { inner + quoted($0.key) + ": " + text($0.value, indent: inner) }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + indent + "}"
        }
    }

    private static func text(_ scalar: Scalar) -> String {
        if scalar.isNull { return "null" }
        if let boolean = scalar.boolean { return String(boolean) }
        guard let number = scalar.number else { return quoted(scalar.text) }
        // A number keeps its digits when JSON writes it alike; `0x1F`, `+1` and `.5` are only YAML's.
        if isNumber(scalar.text) { return scalar.text }
        return scalar.integer.map { String($0) } ?? String(number)
    }

    /// RFC 8259, section 6.
    private static func isNumber(_ text: String) -> Bool {
        var rest = Substring(text)
        func digits() -> Int {
            let count = rest.utf8.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == "-" { rest.removeFirst() }
        let hasLeadingZero = rest.first == "0"
        let whole = digits()
        guard whole > 0, !hasLeadingZero || whole == 1 else { return false }
        if rest.first == "." {
            rest.removeFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == "e" || rest.first == "E" {
            rest.removeFirst()
            if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// RFC 8259, section 7.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case ..<" ", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
