public import CodegenModel

/// Diagnostics as text for people: `file:line:col: error: message [rule]`, the source line with a caret, and `help:`.
public struct DiagnosticRenderer: Sendable {
    private let texts: [String: String]
    private let isColored: Bool
    /// Characters of a source line that are shown.
    private static let width = 200

    /// - Parameters:
    ///   - texts: The text of each file by the path that diagnostics name.
    ///   - isColored: Whether severities and carets are colored, for a terminal.
    public init(texts: [String: String], isColored: Bool = false) {
        self.texts = texts
        self.isColored = isColored
    }

    /// One diagnostic, ending in a newline.
    public func render(_ diagnostic: Diagnostic) -> String { render([diagnostic]) }

    /// All of them, one after the other.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        var lines: [String: [Substring]] = [:]
        // A large text is split only when a line of it is to be shown.
        for file in Set(diagnostics.map(\.position.file)) {
            lines[file] = texts[file]?.split(omittingEmptySubsequences: false) { $0.isNewline }
        }
        return diagnostics.map { render($0, lines) }.joined()
    }

    private func render(_ diagnostic: Diagnostic, _ lines: [String: [Substring]]) -> String {
        let position = diagnostic.position
        let place = "\(position.file):\(position.line):\(position.column)"
        let severity = colored("\(diagnostic.severity.rawValue):", Self.colors[diagnostic.severity] ?? "1")
        var text = "\(place): \(severity) \(diagnostic.message) [\(diagnostic.rule)]\n"
        if let listing = listing(position, lines) { text += listing }
        if let help = diagnostic.help { text += "help: \(help)\n" }
        return text
    }

    /// SGR parameters (ECMA-48, section 8.3.117) of each severity.
    private static let colors: [Diagnostic.Severity: String] = [.error: "1;31", .warning: "1;33", .note: "1;34"]

    private func colored(_ text: String, _ color: String) -> String { isColored ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text }

    private func listing(_ position: SourcePosition, _ lines: [String: [Substring]]) -> String? {
        guard let lines = lines[position.file], lines.indices.contains(position.line - 1) else { return nil }
        let scalars = Array(lines[position.line - 1].unicodeScalars)
        guard !scalars.isEmpty else { return nil }
        // A minified document is one line: show the part around the column.
        let start = position.column > Self.width ? position.column - Self.width / 2 : 0
        let shown = scalars.dropFirst(start).prefix(Self.width)
        let caret = max(position.column - 1 - start, 0)
        // Tabs stay tabs, so that the caret stands below its character however wide they are shown.
        let indent = shown.prefix(caret).map { $0 == "\t" ? "\t" : " " }.joined()
        return "\(String(String.UnicodeScalarView(shown.map(Self.printable))))\n\(indent)\(colored("^", "1;32"))\n"
    }

    /// Control characters of a document must not reach the terminal.
    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar != "\t" && scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
    }
}
