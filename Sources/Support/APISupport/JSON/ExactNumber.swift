/// A decimal number with all its digits, as `format: decimal` and integers of any size need: the text of a JSON number (RFC 8259 §6).
///
/// Two are equal when they are the same number: `1.0` and `1` are, and so are `1e2` and `100`.
public struct ExactNumber: Sendable, Hashable, CustomStringConvertible {
    /// The number as it was written, such as `1234567890.0100`.
    public let text: String
    /// Digits without zeros at either end, and where the point is: the value is 0.digits × 10^exponent.
    private let digits: [UInt8]
    private let exponent: Int
    private let isNegative: Bool

    /// nil when `text` is no JSON number, or has more than 1,100 characters.
    public init?(_ text: String) {
        guard text.utf8.count <= JSONReader.maximumNumberLength, let parts = Self.parts(of: Array(text.utf8)) else { return nil }
        self.text = text
        (digits, exponent, isNegative) = parts
    }

    /// A literal of generated code, which was checked when the code was made; zero for a text that is no number.
    public init(literal: StaticString) { self.init(checked: literal.description) }

    public init(_ value: Int64) {
        self.init(checked: String(value))
    }

    /// A text that is known to be a number.
    private init(checked text: String) {
        let parts = Self.parts(of: Array(text.utf8)) ?? (digits: [], exponent: 0, isNegative: false)
        self.text = text
        (digits, exponent, isNegative) = parts
    }

    public var description: String { text }

    /// The nearest double; an infinity for a number beyond them.
    public var approximation: Double { Double(text) ?? 0 }

    /// Whether there is no fraction.
    public var isInteger: Bool { digits.isEmpty || digits.count <= exponent }

    public static func == (lhs: ExactNumber, rhs: ExactNumber) -> Bool {
        lhs.digits == rhs.digits && (lhs.digits.isEmpty || (lhs.exponent == rhs.exponent && lhs.isNegative == rhs.isNegative))
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(digits)
        if !digits.isEmpty {
            hasher.combine(exponent)
            hasher.combine(isNegative)
        }
    }

    private static func parts(of text: [UInt8]) -> (digits: [UInt8], exponent: Int, isNegative: Bool)? {
        var index = 0
        func isDigit() -> Bool { index < text.count && (0x30...0x39).contains(text[index]) }
        func next(_ character: Unicode.Scalar) -> Bool { index < text.count && text[index] == UInt8(ascii: character) }
        let isNegative = next("-")
        if isNegative { index += 1 }
        var digits: [UInt8] = []
        let start = index
        while isDigit() {
            digits.append(text[index])
            index += 1
        }
        guard index > start, text[start] != UInt8(ascii: "0") || index == start + 1 else { return nil }
        var exponent = digits.count
        if next(".") {
            index += 1
            let fraction = index
            while isDigit() {
                digits.append(text[index])
                index += 1
            }
            guard index > fraction else { return nil }
        }
        if next("e") || next("E") {
            index += 1
            let isMinus = next("-")
            if isMinus || next("+") { index += 1 }
            var value = 0
            let first = index
            while isDigit() {
                if value < 1_000_000_000 { value = value * 10 + Int(text[index] - 0x30) }
                index += 1
            }
            guard index > first else { return nil }
            exponent += isMinus ? -value : value
        }
        guard index == text.count else { return nil }
        let leading = digits.prefix { $0 == 0x30 }.count
        exponent -= leading
        digits.removeFirst(leading)
        while digits.last == 0x30 { digits.removeLast() }
        return (digits, exponent, isNegative)
    }
}

extension ExactNumber: Comparable {
    public static func < (lhs: ExactNumber, rhs: ExactNumber) -> Bool {
        let signs = (lhs.sign, rhs.sign)
        guard signs.0 == signs.1 else { return signs.0 < signs.1 }
        let (small, large) = lhs.isNegative ? (rhs, lhs) : (lhs, rhs)
        if small.exponent != large.exponent { return small.exponent < large.exponent }
        return small.digits.lexicographicallyPrecedes(large.digits)
    }

    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }
}

extension ExactNumber: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) { self.init(value) }
}

extension ExactNumber: JSONReadable, JSONWritable, ParameterValue {
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> ExactNumber? { try json.readExactNumber() }

    public func write(to json: inout JSONWriter) { json.write(self) }

    public init?(parameterText: String) { self.init(parameterText) }

    public var parameterText: String { text }
}

extension JSONReader {
    /// A number with all its digits.
    public mutating func readExactNumber() throws(JSONSyntaxError) -> ExactNumber? {
        guard try nextKind == .number else {
            _ = try skipWrongType("number")
            return nil
        }
        _ = peekToken()
        let token = try scanNumber()
        return ExactNumber(String(decoding: UnsafeBufferPointer(start: base + token.start, count: token.end - token.start), as: UTF8.self))
    }

    /// A string that holds a number.
    public mutating func readExactNumberString() throws(JSONSyntaxError) -> ExactNumber? {
        guard let text = try readString() else { return nil }
        guard let value = ExactNumber(text) else {
            validation.report(rule: "format", "is not a decimal number")
            return nil
        }
        return value
    }
}

extension JSONWriter {
    /// The number's own text.
    public mutating func write(_ value: ExactNumber) { writeSource(value.text) }
}

extension Validation {
    /// The number's bounds; `multipleOf` is supported for whole numbers of which each integer is a multiple.
    public mutating func check(
        _ value: ExactNumber, minimum: Double? = nil, maximum: Double? = nil, exclusiveMinimum: Double? = nil,
        exclusiveMaximum: Double? = nil, multipleOf: Double? = nil
    ) {
        check(
            value.approximation, minimum: minimum, maximum: maximum, exclusiveMinimum: exclusiveMinimum, exclusiveMaximum: exclusiveMaximum)
        guard let multipleOf else { return }
        if multipleOf == 1 {
            if !value.isInteger { report(rule: "type", "must be an integer, has a fraction") }
        } else {
            check(value.approximation, multipleOf: multipleOf)
        }
    }
}
