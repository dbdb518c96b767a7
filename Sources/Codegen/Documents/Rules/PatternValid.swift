import CodegenModel

extension Rule {
    static let patternInvalid = Rule(
        "pattern-invalid", "A `pattern` is a regular expression.",
        explanation: """
            A pattern is ECMA-262 source (JSON Schema 2020-12 validation, section 6.3.3); generated code compiles it with Swift's `Regex`, which
            reads the same syntax but for a few escapes. One that does not compile could never be checked, and every request with such a value
            would fail.
            """
    )
}

/// Compiles patterns as the support library will.
enum PatternValid {
    static func check(_ pattern: String, at position: SourcePosition, _ diagnostics: DiagnosticCollector) {
        do {
            _ = try Regex(escapingBracketsInClasses(pattern))
        } catch {
            diagnostics.report(.patternInvalid, "the pattern cannot be compiled: \(error)", at: position, help: "correct it, or remove it")
        }
    }

    /// In ECMA-262 a `[` inside brackets is a character; in Swift it opens another class.
    private static func escapingBracketsInClasses(_ pattern: String) -> String {
        var result = String.UnicodeScalarView()
        var isInClass = false
        var isEscaped = false
        for scalar in pattern.unicodeScalars {
            if !isEscaped {
                if scalar == "[", isInClass { result.append("\\") }
                if scalar == "[" { isInClass = true } else if scalar == "]" { isInClass = false }
            }
            isEscaped = scalar == "\\" && !isEscaped
            result.append(scalar)
        }
        return String(result)
    }
}
