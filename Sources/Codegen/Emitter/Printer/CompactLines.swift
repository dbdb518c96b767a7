/// Lines of Swift in the order in which they are written. A statement that is alone in a block, a closure or a case goes onto the line of its
/// head where it fits: a large API has half as many lines then.
struct CompactLines {
    private struct Line {
        var text: String
        var depth: Int
    }

    /// Columns of a line that was put together.
    private static let width = 130

    private var lines: [Line] = []

    var isEmpty: Bool { lines.isEmpty }

    /// Appends a line. The empty string is an empty line.
    mutating func append(_ text: String, depth: Int) {
        closeCase(before: depth)
        if text.hasPrefix("}"), joinBlock(tail: text, depth: depth) { return }
        lines.append(Line(text: text, depth: depth))
    }

    /// Puts the only statement of a case behind its label.
    private mutating func closeCase(before depth: Int) {
        let last = lines.count - 1
        guard last > 0, depth < lines[last].depth, lines[last].depth == lines[last - 1].depth + 1 else { return }
        let label = lines[last - 1].text
        guard label.hasSuffix(":"), label.hasPrefix("case ") || label == "default:", !lines[last].text.hasPrefix("//") else { return }
        join([label, lines[last].text], replacing: 2)
    }

    /// Puts a closure's or a condition's only statement, and its closing brace, behind its head.
    private mutating func joinBlock(tail: String, depth: Int) -> Bool {
        let last = lines.count - 1
        guard last > 0, lines[last].depth == depth + 1, lines[last - 1].depth == depth, !lines[last].text.hasPrefix("//") else {
            return false
        }
        let head = lines[last - 1].text
        let isClosure = head.hasSuffix(" in") && head.contains("{ (")
        let isCondition = head.hasSuffix(" {") && tail == "}" && (head.hasPrefix("if ") || head.hasPrefix("for "))
        guard isClosure || isCondition, !lines[last].text.hasSuffix("{") else { return false }
        return join([head, lines[last].text, tail], replacing: 2)
    }

    /// Replaces the last lines by one, when it is not too long.
    @discardableResult
    private mutating func join(_ parts: [String], replacing count: Int) -> Bool {
        let depth = lines[lines.count - count].depth
        var length = depth * 4 + parts.count - 1
        for part in parts { length += part.utf8.count }
        guard length <= Self.width else { return false }
        lines.removeLast(count)
        lines.append(Line(text: parts.joined(separator: " "), depth: depth))
        return true
    }

    func write(to text: inout String) {
        let indentation = (0..<32).map { String(repeating: "    ", count: $0) }
        for line in lines {
            if !line.text.isEmpty {
                text += line.depth < indentation.count ? indentation[line.depth] : String(repeating: "    ", count: line.depth)
                text += line.text
            }
            text += "\n"
        }
    }
}
