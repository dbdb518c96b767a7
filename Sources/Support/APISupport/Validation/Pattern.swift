import Synchronization

/// A regular expression of a specification (`pattern`, JSON Schema 2020-12 §6.3.3): ECMA-262 source, not anchored, compiled once.
///
/// The source is a literal of generated code. One that cannot be compiled is no reason to crash nor to blame a client: whoever matches
/// learns of it (``Outcome/unusable(_:)``), and the request is answered as an internal error. ``check()`` finds it at start.
///
/// Strings longer than ``maximumLength`` bytes are not matched: backtracking must stay bounded.
public struct Pattern: Sendable {
    /// What matching a value gave.
    public enum Outcome: Sendable {
        case matched, notMatched, tooLong
        case unusable(PatternError)
    }

    /// Longest value that is matched, in bytes of UTF-8.
    public static let maximumLength = 16_384

    /// The expression as the specification has it.
    public let source: String
    private let program: Program

    public init(_ source: StaticString) { self.init(source: source.description) }

    /// For a pattern that is known at run time only.
    public init(source: String) {
        self.source = source
        program = Program(source)
    }

    /// Throws when the expression cannot be compiled.
    public func check() throws(PatternError) {
        if let fault = program.fault { throw fault }
    }

    /// Whether some part of `value` matches.
    public func match(_ value: String) -> Outcome {
        guard value.utf8.count <= Self.maximumLength else { return .tooLong }
        return program.match(value)
    }
}

/// A pattern that cannot be compiled.
public struct PatternError: Error, Sendable, Equatable, CustomStringConvertible {
    public let pattern: String
    public let reason: String

    public var description: String { "the pattern \(pattern) cannot be used: \(reason)" }
}

/// The compiled expression. `Regex` is not Sendable (it may hold closures; one made from text does not), so uses of it take turns.
private final class Program: Sendable {
    private struct Compiled {
        var regex: Regex<AnyRegexOutput>
    }

    let fault: PatternError?
    private let compiled: Mutex<Compiled?>

    init(_ source: String) {
        do {
            let regex = try Regex(ECMAScriptPattern.translate(source))
                .matchingSemantics(.unicodeScalar).asciiOnlyDigits().asciiOnlyWordCharacters()
            compiled = Mutex(Compiled(regex: regex))
            fault = nil
        } catch {
            compiled = Mutex(nil)
            fault = PatternError(pattern: source, reason: "\(error)")
        }
    }

    func match(_ value: String) -> Pattern.Outcome {
        compiled.withLock { compiled in
            guard let compiled else {
                return .unusable(fault ?? PatternError(pattern: "", reason: "not compiled"))
            }
            do {
                return try compiled.regex.firstMatch(in: value) == nil ? .notMatched : .matched
            } catch {
                return .unusable(PatternError(pattern: "", reason: "\(error)"))
            }
        }
    }
}

/// What ECMA-262 and Swift's `Regex` write alike but mean differently.
enum ECMAScriptPattern {
    /// `source` with the same meaning in Swift's syntax: `^` and `$` are the ends of the text and nothing else; inside brackets `[`,
    /// `&&`, `--` and `~~` are characters, not set operations.
    static func translate(_ source: String) -> String {
        var result = ""
        var isInClass = false
        var scalars = source.unicodeScalars.makeIterator()
        var last: Unicode.Scalar?
        while let scalar = scalars.next() {
            switch scalar {
            case "\\":
                result.unicodeScalars.append(scalar)
                if let escaped = scalars.next() { result.unicodeScalars.append(escaped) }
                last = nil
                continue
            case "[" where !isInClass:
                isInClass = true
                result += "["
                last = nil
                if let first = scalars.next() {
                    // `]` right after `[` or `[^` closes an empty class in ECMA-262; such a class is left for the compiler to refuse.
                    if first == "[" { result += "\\[" } else { result.unicodeScalars.append(first) }
                    if first == "\\", let escaped = scalars.next() { result.unicodeScalars.append(escaped) }
                    if first == "]" { isInClass = false }
                }
                continue
            case "[": result += "\\["
            case "]" where isInClass:
                isInClass = false
                result += "]"
            case "&" where isInClass && last == "&", "-" where isInClass && last == "-", "~" where isInClass && last == "~":
                result += "\\"
                result.unicodeScalars.append(scalar)
            case "^" where !isInClass: result += "\\A"
            case "$" where !isInClass: result += "\\z"
            default: result.unicodeScalars.append(scalar)
            }
            last = scalar
        }
        return result
    }
}
