import ArgumentParser
import CodegenDocuments
import CodegenModel
import FoundationEssentials

/// `codelab-codegen bundle`
struct Bundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make one document of a document and the files that it refers to.",
        discussion: """
            What other files hold is moved into `components`, once, and every reference leads there. Two things of one name are told, and the
            later one gets a number. Path items are put in place of their references where the version has no components for them.
            `externalValue` and `operationRef` lead from the output's folder to where they led. References to other hosts stay as they are;
            comments of YAML are lost.

            The ending of the output's name chooses YAML (.yaml, .yml) or JSON (.json); without an output, YAML goes to standard output.

            Examples:
              codelab-codegen bundle specs/pets/openapi.yaml --output dist/pets.yaml
              codelab-codegen bundle specs/pets/openapi.yaml --output dist/pets.json

            Exit status: 0 when the document is written, 1 when a file or reference has errors, 64 when the command line is wrong.
            """
    )

    @Argument(help: "An OpenAPI or AsyncAPI document.")
    var document: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write; .yaml, .yml or .json.", valueName: "file"))
    var output: String?

    @OptionGroup var diagnostics: DiagnosticOptions

    func validate() throws {
        guard let output else { return }
        guard [".yaml", ".yml", ".json"].contains(where: output.hasSuffix) else {
            throw ValidationError("The output's name must end in .yaml, .yml or .json.")
        }
    }

    func run() throws {
        let folder = output.map { $0.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") }
        let result = Bundler.bundle(document, into: folder ?? "", access: StandardInput.access)
        StandardError.write(diagnostics.render(result.diagnostics, texts: result.texts, isTerminal: Terminal.isStandardError))
        guard let yaml = result.yaml, let json = result.json else { throw ExitCode.failure }
        guard let output else { return print(yaml, terminator: "") }
        _ = try OutputFile(path: output).update(output.hasSuffix(".json") ? json : yaml)
    }
}
