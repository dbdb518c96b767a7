/// A regular expression of a specification (`pattern`, JSON Schema 2020-12 §6.3.3): ECMA-262 source, not anchored, compiled once.
///
/// The source is a literal of generated code, which the generator has compiled before. One that cannot be compiled all the same is no reason to
/// crash nor to blame a client: whoever matches learns of it (``Outcome/unusable(_:)``), and the request is answered as an internal error.
public struct Pattern: Sendable {
    /// What matching a value gave.
    public enum Outcome: Sendable {
        case matched, notMatched
        /// It would take more steps than there were.
        case tooCostly
        case unusable(PatternError)
    }

    /// The expression as the specification has it.
    public let source: String
    private let program: Result<ExpressionProgram, PatternError>

    public init(_ source: StaticString) { self.init(source: source.description) }

    /// For a pattern that is known at run time only.
    public init(source: String) {
        self.source = source
        do throws(ExpressionError) {
            program = .success(try ExpressionProgram(source))
        } catch {
            program = .failure(PatternError(pattern: source, reason: error.reason))
        }
    }

    /// Throws when the expression cannot be compiled.
    public func check() throws(PatternError) { _ = try program.get() }

    /// Whether some part of `value` matches.
    public func match(_ value: String) -> Outcome {
        var budget = PatternBudget()
        return budget.match(self, value)
    }

    fileprivate func match(_ value: String, steps: inout Int) -> Outcome {
        switch program {
        case .success(let program):
            guard let isMatched = ExpressionMatcher.match(program, value, steps: &steps) else { return .tooCostly }
            return isMatched ? .matched : .notMatched
        case .failure(let fault): return .unusable(fault)
        }
    }
}

/// How much work the patterns of one text may take: so much to begin with, and more for each byte that is matched. However a client chooses its
/// values, and whatever a specification's patterns are, the time is in proportion to what was sent.
struct PatternBudget: Sendable {
    private static let atFirst = 10_000_000
    private static let perByte = 64
    private static let perText = 256

    private var steps = Self.atFirst

    mutating func match(_ pattern: Pattern, _ value: String) -> Pattern.Outcome {
        steps = max(0, steps) + value.utf8.count * Self.perByte + Self.perText
        return pattern.match(value, steps: &steps)
    }
}

/// A pattern that cannot be compiled.
public struct PatternError: Error, Sendable, Equatable, CustomStringConvertible {
    public let pattern: String
    public let reason: String

    public var description: String { "the pattern \(pattern) cannot be used: \(reason)" }
}
