import ArgumentParser
import CodegenDocuments
import CodegenEmitter
import FoundationEssentials

/// `codelab-codegen generate`
struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the Swift source of an API into a folder.",
        discussion: """
            Always the same files: \(Emitter.fileNames.joined(separator: ", ")). A file is written only when its text changed. Nothing is
            printed unless something is wrong.

            Examples:
              codelab-codegen generate --output Sources/PetsAPI openapi.yaml
              codelab-codegen generate --output Sources/PetsAPI --config codegen.yaml --verbose
            """
    )

    @OptionGroup var input: DocumentOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write into; made when it does not exist.", valueName: "folder"))
    var output: String

    @Option(help: ArgumentHelp("The module that the code is compiled into. (default: the folder's name)", valueName: "name"))
    var module: String?

    @Flag(help: "Print what was written and what stayed as it was.")
    var verbose = false

    func run() throws {
        let input = input.read()
        StandardError.write(DiagnosticRenderer(texts: input.texts).render(input.diagnostics))
        guard let service = input.service else { throw ExitCode.failure }
        let options = EmitterOptions(
            access: input.configuration.access, moduleName: module ?? URL(filePath: output).lastPathComponent,
            splitsHandlerByTag: input.configuration.splitsHandlerByTag,
            parts: Set(input.configuration.parts.compactMap(GeneratedPart.init))
        )
        let files = Emitter.emit(service, options: options)
        guard files.map(\.name) == Emitter.fileNames else {
            // The build plugin declared these names before anything was read.
            StandardError.write("error: the emitter gave other files than it declares\n")
            throw ExitCode.failure
        }
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        for file in files {
            let path = output.hasSuffix("/") ? output + file.name : output + "/" + file.name
            let isWritten = try OutputFile(path: path).update(file.contents)
            if verbose { print(isWritten ? "wrote \(path)" : "kept  \(path)") }
        }
    }
}
