/// Reads the regular expressions of ECMA-262 (2025, section 22.2.1) in their Unicode form, and with what the web adds to it (annex B.1.2) where
/// the two do not contradict each other: a brace that begins no quantifier, and an escaped character that needs no escape, stand for themselves.
struct ExpressionParser {
    /// Groups within groups.
    private static let deepest = 200

    private let text: [UInt32]
    private var position = 0
    private var depth = 0
    private var sets: [ScalarSet] = []

    private init(_ source: String) { text = source.unicodeScalars.map(\.value) }

    static func parse(_ source: String) throws(ExpressionError) -> (node: ExpressionNode, sets: [ScalarSet]) {
        var parser = ExpressionParser(source)
        let node = try parser.alternatives()
        // What stops before the end is a parenthesis too many.
        guard parser.position == parser.text.count else { throw ExpressionError(reason: "`)` closes no group") }
        return (node, parser.sets)
    }

    // MARK: Characters

    private var next: UInt32? { position < text.count ? text[position] : nil }

    private func isNext(_ characters: String) -> Bool {
        let scalars = Array(characters.unicodeScalars.map(\.value))
        return text[position...].starts(with: scalars)
    }

    private mutating func take(_ characters: String) -> Bool {
        guard isNext(characters) else { return false }
        position += characters.unicodeScalars.count
        return true
    }

    private mutating func set(_ set: ScalarSet) -> ExpressionNode {
        sets.append(set)
        return .set(sets.count - 1)
    }

    // MARK: Terms

    private mutating func alternatives() throws(ExpressionError) -> ExpressionNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw ExpressionError(reason: "it has groups within \(Self.deepest) others", isUnsupported: true)
        }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(ExpressionError) -> ExpressionNode {
        var nodes: [ExpressionNode] = []
        while let next, next != UInt32(UInt8(ascii: "|")), next != UInt32(UInt8(ascii: ")")) {
            let term = try term()
            nodes.append(try quantified(term))
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private mutating func term() throws(ExpressionError) -> ExpressionNode {
        if take("^") { return .start }
        if take("$") { return .end }
        if take("(") { return try group() }
        if take(".") { return set(ScalarSet(ScalarSet.lineTerminators, isNegated: true)) }
        if take("[") { return set(try characterClass()) }
        if take("\\") { return try escape() }
        if isNext("*") || isNext("+") || isNext("?") { throw ExpressionError(reason: "a quantifier stands behind nothing") }
        if isNext("{") {
            let start = position
            if try quantifier() != nil { throw ExpressionError(reason: "a quantifier stands behind nothing") }
            position = start
        }
        let scalar = text[position]
        position += 1
        return set(ScalarSet([scalar...scalar]))
    }

    private mutating func group() throws(ExpressionError) -> ExpressionNode {
        var look: (isAhead: Bool, isNegated: Bool)?
        if take("?=") {
            look = (true, false)
        } else if take("?!") {
            look = (true, true)
        } else if take("?<=") {
            look = (false, false)
        } else if take("?<!") {
            look = (false, true)
        } else if take("?<") {
            while let next, next != UInt32(UInt8(ascii: ">")) {
                guard let scalar = Unicode.Scalar(next), scalar.properties.isIDContinue || scalar == "$" else {
                    throw ExpressionError(reason: "a group's name is no name")
                }
                position += 1
            }
            guard take(">") else { throw ExpressionError(reason: "a group's name has no end") }
        } else if isNext("?"), !take("?:") {
            throw ExpressionError(reason: "`(?` begins no group that is known: flags, comments and atomic groups are not ECMA-262's")
        }
        let node = try alternatives()
        guard take(")") else { throw ExpressionError(reason: "a group has no end") }
        return look.map { .look(node, isAhead: $0.isAhead, isNegated: $0.isNegated) } ?? node
    }

    // MARK: Quantifiers

    private mutating func quantified(_ node: ExpressionNode) throws(ExpressionError) -> ExpressionNode {
        guard let (minimum, maximum) = try quantifier() else { return node }
        // As few as possible or as many: there is a match, or there is none.
        _ = take("?")
        if isNext("*") || isNext("+") || isNext("?") { throw ExpressionError(reason: "a quantifier stands behind another") }
        switch node {
        case .start, .end, .boundary: throw ExpressionError(reason: "a quantifier stands behind what takes no character")
        case .look: return minimum == 0 ? .empty : node
        default: return .repetition(node, minimum: minimum, maximum: maximum)
        }
    }

    /// `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}`; nil, without moving, for anything else.
    private mutating func quantifier() throws(ExpressionError) -> (minimum: Int, maximum: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
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
        if let maximum, maximum < minimum { throw ExpressionError(reason: "the bounds of a quantifier are out of order") }
        return (minimum, maximum)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let next, (0x30...0x39).contains(next) {
            // More than any program holds.
            value = min((value ?? 0) * 10 + Int(next - 0x30), 1_000_000)
            position += 1
        }
        return value
    }
}

// MARK: Escapes

extension ExpressionParser {
    private mutating func escape() throws(ExpressionError) -> ExpressionNode {
        if take("b") { return .boundary(isNegated: false) }
        if take("B") { return .boundary(isNegated: true) }
        if let next, (0x31...0x39).contains(next) || next == UInt32(UInt8(ascii: "k")) {
            throw ExpressionError(reason: "it refers back to what a group matched", isUnsupported: true)
        }
        return set(try escapedSet())
    }

    /// The set of an escape, inside brackets or outside; the backslash is passed.
    private mutating func escapedSet() throws(ExpressionError) -> ScalarSet {
        guard let letter = next else { throw ExpressionError(reason: "it ends in a backslash") }
        if let byte = UInt8(exactly: letter), let set = ScalarSet.named(byte) {
            position += 1
            return set
        }
        let isNegated = isNext("P")
        if take("p") || take("P") { return try property(isNegated: isNegated) }
        let scalar = try escapedScalar()
        return ScalarSet([scalar...scalar])
    }

    private mutating func property(isNegated: Bool) throws(ExpressionError) -> ScalarSet {
        guard take("{") else { throw ExpressionError(reason: "`\\p` lacks its `{…}`") }
        var name = ""
        while let next, let scalar = Unicode.Scalar(next), scalar.isASCII, scalar.properties.isXIDContinue || scalar == "=" {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take("}") else { throw ExpressionError(reason: "`\\p{\(name)` has no end") }
        guard let test = ScalarProperties.test(name) else {
            throw ExpressionError(reason: "the property `\(name)` is not known", isUnsupported: true)
        }
        return ScalarSet(.init(test: test, isNegated: isNegated))
    }

    private mutating func escapedScalar() throws(ExpressionError) -> UInt32 {
        guard let letter = next else { throw ExpressionError(reason: "it ends in a backslash") }
        position += 1
        switch UInt8(exactly: letter) {
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "v"): return 0x0B
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "0"):
            if let next, (0x30...0x39).contains(next) { throw ExpressionError(reason: "it has an octal escape") }
            return 0
        case UInt8(ascii: "c"):
            guard let control = next, (0x41...0x5A).contains(control) || (0x61...0x7A).contains(control) else {
                throw ExpressionError(reason: "`\\c` lacks its letter")
            }
            position += 1
            return control & 0x1F
        case UInt8(ascii: "x"):
            guard let value = hexadecimal(2) else { throw ExpressionError(reason: "`\\x` lacks its two digits") }
            return value
        case UInt8(ascii: "u"): return try unicodeEscape()
        default:
            guard let scalar = Unicode.Scalar(letter), !(scalar.isASCII && scalar.properties.isAlphabetic), !(0x30...0x39).contains(letter)
            else {
                throw ExpressionError(reason: "`\\\(Unicode.Scalar(letter).map(String.init) ?? "")` is no escape of ECMA-262")
            }
            return letter
        }
    }

    private mutating func hexadecimal(_ count: Int) -> UInt32? {
        var value: UInt32 = 0
        for index in position..<position + count {
            guard index < text.count, let digit = Unicode.Scalar(text[index]).flatMap({ Character($0).hexDigitValue }) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        position += count
        return value
    }

    /// `\uD83D\uDE80`, `\u{1F680}` or one of the basic plane.
    private mutating func unicodeEscape() throws(ExpressionError) -> UInt32 {
        if take("{") {
            var value: UInt32 = 0
            var count = 0
            while let digit = hexadecimal(1), value <= 0x10_FFFF {
                value = value << 4 | digit
                count += 1
            }
            guard count > 0, value <= 0x10_FFFF, take("}") else { throw ExpressionError(reason: "`\\u{…}` is no code point") }
            return value
        }
        guard let value = hexadecimal(4) else { throw ExpressionError(reason: "`\\u` lacks its four digits") }
        let start = position
        if (0xD800...0xDBFF).contains(value), take("\\u"), let low = hexadecimal(4), (0xDC00...0xDFFF).contains(low) {
            return 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        position = start
        return value
    }

    // MARK: Brackets

    private mutating func characterClass() throws(ExpressionError) -> ScalarSet {
        let isNegated = take("^")
        var result = ScalarSet()
        while !take("]") {
            let first = try classAtom()
            if isNext("-"), !isNext("-]"), case .scalar(let lower) = first {
                let start = position
                position += 1
                if case .scalar(let upper) = try classAtom() {
                    guard lower <= upper else { throw ExpressionError(reason: "a range in brackets is out of order") }
                    result.insert(lower...upper)
                    continue
                }
                // `[a-\d]`: the hyphen is one of the characters.
                position = start
            }
            switch first {
            case .scalar(let scalar): result.insert(scalar...scalar)
            case .set(let set): result.insert(set)
            }
        }
        if isNegated { result.negate() }
        result.seal()
        return result
    }

    private enum ClassAtom {
        case scalar(UInt32)
        case set(ScalarSet)
    }

    private mutating func classAtom() throws(ExpressionError) -> ClassAtom {
        guard let next else { throw ExpressionError(reason: "brackets have no end") }
        position += 1
        guard next == UInt32(UInt8(ascii: "\\")) else { return .scalar(next) }
        if take("b") { return .scalar(0x08) }
        if isNext("p") || isNext("P") || self.next.flatMap({ UInt8(exactly: $0) }).flatMap(ScalarSet.named) != nil {
            return .set(try escapedSet())
        }
        return .scalar(try escapedScalar())
    }
}
