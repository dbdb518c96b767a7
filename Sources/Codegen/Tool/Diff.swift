import ArgumentParser
import CodegenDocuments
import CodegenModel

/// `codelab-codegen diff`
struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what changed between two versions of a document, and whom it breaks.",
        discussion: """
            A change breaks clients when those of the old document no longer get on with a server of the new one, and servers when those of the
            old document no longer get on with clients of the new one. `explain` says more about each kind of change.

            Examples:
              codelab-codegen diff released/openapi.yaml openapi.yaml
              codelab-codegen diff --format json --fail-on any old.yaml new.yaml
              codelab-codegen diff --side both old-asyncapi.yaml asyncapi.yaml

            Exit status: 0 when nothing that --fail-on names was found, 1 when something was, 2 when a document has errors, 64 when the command
            line is wrong.
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }
    enum FailOn: String, ExpressibleByArgument, CaseIterable { case breaking, any, none }
    enum Side: String, ExpressibleByArgument, CaseIterable { case clients, servers, both }

    @Argument(help: "The document before.")
    var old: String

    @Argument(help: "The document after.")
    var new: String

    @Option(help: "How changes and findings are written.")
    var format = Format.text

    @Option(help: "Which changes make the exit status 1.")
    var failOn = FailOn.breaking

    @Option(help: "Whose breaking counts for --fail-on breaking.")
    var side = Side.clients

    func run() throws {
        let access = StandardInput.access
        let before = ServiceReader.read([old], access: access)
        let after = ServiceReader.read([new], access: access)
        guard let oldService = before.service, let newService = after.service else {
            let texts = before.texts.merging(after.texts) { first, _ in first }
            let errors = (before.diagnostics + after.diagnostics).filter { $0.severity == .error }
            let isColored = Terminal.isColored(Terminal.isStandardError)
            StandardError.write(
                format == .json ? DiagnosticReport.json(errors) : DiagnosticRenderer(texts: texts, isColored: isColored).render(errors))
            throw ExitCode(2)
        }
        let changes = ServiceComparison.changes(from: oldService, to: newService, texts: (before.texts, after.texts))
        print(format == .json ? ChangeReport.json(changes) : ChangeReport.text(changes), terminator: "")
        let isFailure =
            switch failOn {
            case .none: false
            case .any: !changes.isEmpty
            case .breaking: changes.contains(where: isBreaking)
            }
        if isFailure { throw ExitCode(1) }
    }

    private func isBreaking(_ change: Change) -> Bool {
        switch side {
        case .clients: change.clients == .breaking
        case .servers: change.servers == .breaking
        case .both: change.clients == .breaking || change.servers == .breaking
        }
    }
}
