/// Writes a bundled document as YAML 1.2 in block style, so that YAML 1.1 reads the same values.
struct YAMLWriter {
    private var text = ""

    static func write(_ node: BundledNode) -> String {
        var writer = YAMLWriter()
        writer.write(node, indent: 0)
        return writer.text
    }

    /// At the beginning of a line.
    private mutating func write(_ node: BundledNode, indent: Int) {
        switch node {
        case .mapping(let members) where !members.isEmpty:
            for member in members { write(member, indent: indent) }
        case .sequence(let elements) where !elements.isEmpty:
            for element in elements { write(element: element, indent: indent) }
        default: text += String(repeating: " ", count: indent) + flow(node, indent: indent) + "\n"
        }
    }

    private mutating func write(_ member: BundledNode.Member, indent: Int, isFirstOfElement: Bool = false) {
        if !isFirstOfElement { text += String(repeating: " ", count: indent) }
        text += Self.plainOrQuoted(member.key) + ":"
        switch member.value {
        case .mapping(let members) where !members.isEmpty:
            text += "\n"
            write(member.value, indent: indent + 2)
        case .sequence(let elements) where !elements.isEmpty:
            text += "\n"
            write(member.value, indent: indent + 2)
        default: text += " " + flow(member.value, indent: indent + 2) + "\n"
        }
    }

    private mutating func write(element: BundledNode, indent: Int) {
        text += String(repeating: " ", count: indent) + "- "
        switch element {
        case .mapping(let members) where !members.isEmpty:
            for (index, member) in members.enumerated() { write(member, indent: indent + 2, isFirstOfElement: index == 0) }
        case .sequence(let elements) where !elements.isEmpty:
            // A list in a list begins on a line of its own.
            text.removeLast()
            text += "\n"
            write(element, indent: indent + 2)
        default: text += flow(element, indent: indent + 2) + "\n"
        }
    }

    /// A scalar, `{}` or `[]`.
    private func flow(_ node: BundledNode, indent: Int) -> String {
        switch node {
        case .mapping: return "{}"
        case .sequence: return "[]"
        case .scalar(let scalar):
            guard let string = scalar.string else {
                if !scalar.isPlain { return JSONWriter.quoted(scalar.text) }
                return scalar.isNull ? "null" : scalar.text
            }
            return Self.literal(string, indent: indent) ?? Self.plainOrQuoted(string)
        }
    }

    /// A text of several lines as a block, when it is one that a block can hold as it is.
    private static func literal(_ string: String, indent: Int) -> String? {
        let lines = string.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1, let first = lines.first, !first.isEmpty, first.first != " ", first.first != "\t",
            string.unicodeScalars.allSatisfy({ $0 == "\n" || $0 == "\t" || isPrintable($0) })
        else { return nil }
        var ending = 0
        for line in lines.reversed() {
            if !line.isEmpty { break }
            ending += 1
        }
        let indicator = ending == 0 ? "|-" : ending == 1 ? "|" : "|+"
        // The last newline is the block's own, so the empty piece behind it is not written.
        let written = ending == 0 ? lines[...] : lines.dropLast()
        let padding = String(repeating: " ", count: indent)
        return indicator + "\n" + written.map { $0.isEmpty ? "" : padding + $0 }.joined(separator: "\n")
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// Without quotes only what no version of YAML could read as anything but a string.
    private static func plainOrQuoted(_ string: String) -> String {
        guard let first = string.unicodeScalars.first, let last = string.unicodeScalars.last else { return "''" }
        let isWord =
            (first.properties.isAlphabetic || first == "/" || first == "_" || first == "$") && last != " " && last != ":"
            && string.unicodeScalars.allSatisfy(isPrintable) && !string.contains(": ") && !string.contains(" #")
            && !reserved.contains(string.lowercased())
        if isWord { return string }
        return string.unicodeScalars.allSatisfy(isPrintable) ? "'" + string.replacing("'", with: "''") + "'" : JSONWriter.quoted(string)
    }

    /// Words that a version of YAML reads as null, a boolean or a number.
    private static let reserved: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
}
