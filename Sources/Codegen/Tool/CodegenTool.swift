import ArgumentParser

/// `codelab-codegen`: the pipeline as a command.
@main
struct CodegenTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codelab-codegen",
        abstract: "Generates Swift from OpenAPI 3 and AsyncAPI 3 documents.",
        discussion: """
            Types, a server protocol with its routing, and a client for every API described. Findings are written to standard error as
            file:line:column: error: message [rule]; `explain` says more about a rule.

            Examples:
              codelab-codegen generate --output Generated openapi.yaml
              codelab-codegen generate --output Generated --config codegen.yaml
              codelab-codegen validate --diagnostics json openapi.yaml asyncapi.yaml
              codelab-codegen bundle openapi.yaml --output bundled.json
              codelab-codegen diff released.yaml openapi.yaml
              codelab-codegen explain union-ambiguous

            Exit status: 0 when there is no error, 1 when there is, 64 when the command line is wrong; `diff` has a 2 for documents with errors.
            """,
        version: "0.1.0",
        subcommands: [Generate.self, Validate.self, Bundle.self, Diff.self, Explain.self]
    )
}
