import ArgumentParser
import CodegenDocuments
import CodegenEmitter
import FoundationEssentials

/// `codelab-codegen generate`
struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the Swift source of an API into a folder.",
        discussion: """
            Always the same files: \(Emitter.fileNames.joined(separator: ", ")). A file is written only when its text changed. Findings go to
            standard error; nothing else is printed, but for a summary on a terminal.

            Examples:
              codelab-codegen generate --output Sources/PetsAPI openapi.yaml
              codelab-codegen generate --output Sources/PetsAPI --mode types,client openapi.yaml
              codelab-codegen generate --output Sources/PetsAPI --config codegen.yaml --verbose
              codelab-codegen generate --output Sources/PetsAPI --config codegen.yaml --check

            Exit status: 0 when the files are written (with --check: are up to date), 1 when a document has errors (with --check: or a file
            differs), 64 when the command line is wrong.
            """
    )

    @OptionGroup var input: DocumentOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write into; made when it does not exist.", valueName: "folder"))
    var output: String

    @Option(help: ArgumentHelp("The module that the code is compiled into. (default: the folder's name)", valueName: "name"))
    var module: String?

    @Option(
        help: ArgumentHelp("What is generated, some of types, server and client; in place of the configuration's.", valueName: "parts"),
        transform: Mode.init)
    var mode: Mode?

    @Flag(help: "Write nothing; list the files that differ from what would be written.")
    var check = false

    @Flag(help: "Print what was written and what stayed as it was.")
    var verbose = false

    /// `types,server,client`
    struct Mode {
        let parts: Set<GeneratedPart>

        init(_ text: String) throws {
            let names = text.split(separator: ",").map(String.init)
            let parts = names.compactMap(GeneratedPart.init)
            guard !parts.isEmpty, parts.count == names.count else {
                throw ValidationError("--mode lists some of \(GeneratedPart.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            self.parts = Set(parts)
        }
    }

    func run() throws {
        let input = input.read()
        StandardError.write(diagnostics.render(input.diagnostics, texts: input.texts, isTerminal: Terminal.isStandardError))
        guard let service = input.service else { throw ExitCode.failure }
        let options = EmitterOptions(
            access: input.configuration.access, moduleName: module ?? URL(filePath: output).lastPathComponent,
            splitsHandlerByTag: input.configuration.splitsHandlerByTag,
            parts: mode?.parts ?? Set(input.configuration.parts.compactMap(GeneratedPart.init))
        )
        let files = Emitter.emit(service, options: options)
        guard files.map(\.name) == Emitter.fileNames else {
            // The build plugin declared these names before anything was read.
            StandardError.write("error: the emitter gave other files than it declares\n")
            throw ExitCode.failure
        }
        let outputs = files.map { file in
            (OutputFile(path: output.hasSuffix("/") ? output + file.name : output + "/" + file.name), file.contents)
        }
        try check ? compare(outputs) : write(outputs)
    }

    private func write(_ outputs: [(file: OutputFile, text: String)]) throws {
        try OutputFile.makeFolder(output)
        var count = 0
        for (file, text) in outputs {
            let isWritten = try file.update(text)
            if isWritten { count += 1 }
            if verbose { print(isWritten ? "wrote \(file.path)" : "kept  \(file.path)") }
        }
        if !verbose, !diagnostics.quiet, Terminal.isStandardError {
            StandardError.write("\(outputs.count) files in \(output), \(count) of them changed\n")
        }
    }

    private func compare(_ outputs: [(file: OutputFile, text: String)]) throws {
        var isCurrent = true
        for (file, text) in outputs {
            switch file.state(against: text) {
            case .same: if verbose { print("same      \(file.path)") }
            case .different:
                isCurrent = false
                print("differs   \(file.path)")
            case .missing:
                isCurrent = false
                print("missing   \(file.path)")
            }
        }
        guard !isCurrent else { return }
        let arguments = CommandLine.arguments.dropFirst().filter { $0 != "--check" }.map(Self.quoted)
        StandardError.write(
            "The generated files are not up to date. Update them with\n  codelab-codegen \(arguments.joined(separator: " "))\n")
        throw ExitCode.failure
    }

    /// An argument as a shell reads it.
    private static func quoted(_ argument: String) -> String {
        let isPlain =
            !argument.isEmpty
            && argument.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "-_./,=:@+".utf8.contains($0)
            }
        return isPlain ? argument : "'\(argument.replacing("'", with: "'\\''"))'"
    }
}
