import ArgumentParser
import CodegenDocuments
import CodegenModel

/// How findings are told; the same on every command that reads documents.
struct DiagnosticOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(
        name: [.customLong("diagnostics"), .customLong("format")],
        help: "How findings are written: text for people, or a JSON array with an object a line (docs/guides/commands.md).")
    var format = Format.text

    @Flag(help: "Tell errors only.")
    var quiet = false

    /// - Parameter isTerminal: Whether what is rendered goes to a terminal.
    func render(_ diagnostics: [Diagnostic], texts: [String: String], isTerminal: Bool) -> String {
        let told = quiet ? diagnostics.filter { $0.severity == .error } : diagnostics
        switch format {
        case .text: return DiagnosticRenderer(texts: texts, isColored: Terminal.isColored(isTerminal)).render(told)
        case .json: return DiagnosticReport.json(told)
        }
    }
}
