import CodegenModel

extension Rule {
    static let patternInvalid = Rule(
        "pattern-invalid", "A `pattern` is a regular expression.",
        isSkippable: true,
        explanation: """
            A pattern is ECMA-262 source (JSON Schema 2020-12 validation, section 6.3.3), and is read as such: flags in front of it, `\\A`, `\\z`
            or atomic groups are other dialects'. One that cannot be read could never be checked, and every request with such a value would fail.
            """
    )
}

/// Compiles patterns as the support library does: the folder `RegularExpressions` is part of both modules.
enum PatternValid {
    static func check(_ pattern: String, at position: SourcePosition, _ diagnostics: DiagnosticCollector) {
        do throws(ExpressionError) {
            _ = try ExpressionProgram(pattern)
        } catch {
            let help = "correct it, or remove it"
            if error.isUnsupported {
                diagnostics.report(
                    .unsupported, "the pattern is not supported: \(error.reason)", at: position, help: "write it without, or remove it")
            } else {
                diagnostics.report(.patternInvalid, "the pattern cannot be compiled: \(error.reason)", at: position, help: help)
            }
        }
    }
}
