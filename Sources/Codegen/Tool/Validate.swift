import ArgumentParser
import CodegenDocuments
import CodegenModel

/// `codelab-codegen validate`
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check documents without generating anything.",
        discussion: """
            Findings are written to standard output. The exit status is 1 when one of them is an error.

            Examples:
              codelab-codegen validate openapi.yaml
              codelab-codegen validate --strict --format json openapi.yaml asyncapi.yaml
            """
    )

    enum Format: String, ExpressibleByArgument { case text, json }

    @OptionGroup var input: DocumentOptions

    @Option(help: "How findings are written.")
    var format = Format.text

    func run() throws {
        let input = input.read()
        switch format {
        case .text: print(DiagnosticRenderer(texts: input.texts).render(input.diagnostics), terminator: "")
        case .json: print(DiagnosticReport.json(input.diagnostics), terminator: "")
        }
        if input.diagnostics.contains(where: { $0.severity == .error }) { throw ExitCode.failure }
    }
}
