import ArgumentParser
import CodegenDocuments
import CodegenModel

/// `codelab-codegen validate`
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check documents without generating anything.",
        discussion: """
            Findings are written to standard output. A document named - is read from standard input.

            Examples:
              codelab-codegen validate openapi.yaml
              codelab-codegen validate --strict --diagnostics json openapi.yaml asyncapi.yaml
              curl -s https://example.com/openapi.json | codelab-codegen validate -

            Exit status: 0 when no finding is an error, 1 when one is, 64 when the command line is wrong.
            """
    )

    @OptionGroup var input: DocumentOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run() throws {
        let input = input.read()
        print(diagnostics.render(input.diagnostics, texts: input.texts, isTerminal: Terminal.isStandardOutput), terminator: "")
        if input.diagnostics.contains(where: { $0.severity == .error }) { throw ExitCode.failure }
    }
}
