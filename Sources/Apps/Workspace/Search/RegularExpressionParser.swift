/// Reads the syntax of a regular expression (ECMA-262 §22.2.1, without what no automaton can do).
struct RegularExpressionParser {
    indirect enum Node {
        case empty
        case set(ScalarSet)
        case assertion(RegularExpression.Instruction)
        case sequence([Node])
        case alternatives([Node])
        case repetition(Node, minimum: Int, maximum: Int?)
    }

    static let maximumLength = 1_024
    static let maximumNesting = 32
    static let maximumRepetition = 1_000

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var nesting = 0

    init(_ pattern: String) {
        scalars = Array(pattern.unicodeScalars)
    }

    mutating func parse() throws(ToolFailure) -> Node {
        guard scalars.count <= Self.maximumLength else { throw failure("is longer than \(Self.maximumLength) characters") }
        let node = try alternatives()
        guard position == scalars.count else { throw failure("has a ')' without its '('") }
        return node
    }

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    private func failure(_ what: String) -> ToolFailure {
        ToolFailure(.invalidArguments, "the regular expression \(what) (at character \(min(position + 1, scalars.count)))")
    }

    private mutating func alternatives() throws(ToolFailure) -> Node {
        var nodes = [try sequence()]
        while take("|") { nodes.append(try sequence()) }
        return nodes.count == 1 ? nodes[0] : .alternatives(nodes)
    }

    private mutating func sequence() throws(ToolFailure) -> Node {
        var nodes: [Node] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            nodes.append(try quantified(try atom()))
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private mutating func atom() throws(ToolFailure) -> Node {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case ".": return .set(.any)
        case "^": return .assertion(.lineStart)
        case "$": return .assertion(.lineEnd)
        case "(": return try group()
        case "[": return .set(try characterClass())
        case "\\": return try escape()
        case "*", "+", "?": throw failure("repeats nothing with '\(scalar)'")
        default: return .set(.scalar(scalar))
        }
    }

    private mutating func group() throws(ToolFailure) -> Node {
        if take("?") {
            guard take(":") else { throw failure("uses a group '(?…' other than '(?:…)', which is not supported") }
        }
        nesting += 1
        guard nesting <= Self.maximumNesting else { throw failure("nests groups deeper than \(Self.maximumNesting)") }
        let node = try alternatives()
        guard take(")") else { throw failure("has a '(' without its ')'") }
        nesting -= 1
        return node
    }

    private mutating func quantified(_ node: Node) throws(ToolFailure) -> Node {
        var minimum = 0
        var maximum: Int?
        if take("*") {
            maximum = nil
        } else if take("+") {
            minimum = 1
        } else if take("?") {
            maximum = 1
        } else if let range = try counts() {
            (minimum, maximum) = range
        } else {
            return node
        }
        // A lazy quantifier finds the same lines.
        _ = take("?")
        if let next = peek, next == "*" || next == "+" || next == "?" { throw failure("repeats a repetition with '\(next)'") }
        return .repetition(node, minimum: minimum, maximum: maximum)
    }

    /// `{m}`, `{m,}` or `{m,n}`; anything else after `{` is an ordinary character.
    private mutating func counts() throws(ToolFailure) -> (Int, Int?)? {
        let start = position
        guard take("{"), let minimum = number() else {
            position = start
            return nil
        }
        var maximum: Int? = minimum
        if take(",") { maximum = number() }
        guard take("}") else {
            position = start
            return nil
        }
        guard max(minimum, maximum ?? 0) <= Self.maximumRepetition, minimum <= maximum ?? minimum else {
            throw failure("has a repetition that is not within 0 to \(Self.maximumRepetition)")
        }
        return (minimum, maximum)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = peek, ScalarSet.digit.contains(scalar.value) {
            value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), Self.maximumRepetition + 1)
            position += 1
        }
        return value
    }

    private mutating func escape() throws(ToolFailure) -> Node {
        if take("b") { return .assertion(.wordBoundary(isNegated: false)) }
        if take("B") { return .assertion(.wordBoundary(isNegated: true)) }
        if let next = peek, ("1"..."9").contains(next) { throw failure("uses a back reference, which is not supported") }
        return .set(try escapedSet())
    }

    /// What follows a backslash, inside or outside a class.
    private mutating func escapedSet() throws(ToolFailure) -> ScalarSet {
        guard let scalar = peek else { throw failure("ends with a backslash") }
        position += 1
        switch scalar {
        case "d": return .digit
        case "D": return ScalarSet.digit.complement
        case "w": return .word
        case "W": return ScalarSet.word.complement
        case "s": return .space
        case "S": return ScalarSet.space.complement
        case "t": return .scalar("\t")
        case "n": return .scalar("\n")
        case "r": return .scalar("\r")
        case "f": return .scalar("\u{0C}")
        case "v": return .scalar("\u{0B}")
        case "0": return .scalar("\0")
        case "x": return .scalar(try hexadecimal(digits: 2))
        case "u": return .scalar(try hexadecimal(digits: 4))
        default:
            guard !ScalarSet.word.contains(scalar.value) else { throw failure("has the unknown escape '\\\(scalar)'") }
            return .scalar(scalar)
        }
    }

    private mutating func hexadecimal(digits: Int) throws(ToolFailure) -> Unicode.Scalar {
        let text = String(String.UnicodeScalarView(scalars[position...].prefix(digits)))
        guard text.unicodeScalars.count == digits, let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw failure("has an escape without its \(digits) hexadecimal digits")
        }
        position += digits
        return scalar
    }

    private mutating func characterClass() throws(ToolFailure) -> ScalarSet {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while let scalar = peek, scalar != "]" {
            let lower = try classItem()
            guard peek == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                ranges += lower.plainRanges
                continue
            }
            position += 1
            let upper = try classItem()
            guard let first = lower.single, let last = upper.single, first <= last else { throw failure("has a range that is none") }
            ranges.append(first...last)
        }
        guard take("]") else { throw failure("has a '[' without its ']'") }
        return ScalarSet(ranges: ranges, isNegated: isNegated)
    }

    private mutating func classItem() throws(ToolFailure) -> ScalarSet {
        guard let scalar = peek else { throw failure("has a '[' without its ']'") }
        position += 1
        guard scalar == "\\" else { return .scalar(scalar) }
        // In a class, \b is the backspace.
        if take("b") { return .scalar("\u{08}") }
        return try escapedSet()
    }
}

extension ScalarSet {
    /// The value of a set of one.
    fileprivate var single: UInt32? {
        guard !isNegated, ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }
}
