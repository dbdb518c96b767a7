import ArgumentParser
import CodegenDocuments
import CodegenModel

/// `codelab-codegen explain`
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a rule asks for, and why.",
        discussion: """
            Without a rule, lists all of them.

            Examples:
              codelab-codegen explain
              codelab-codegen explain response-missing
            """
    )

    @Argument(help: "The rule's name, as it stands in brackets behind a finding.")
    var rule: String?

    func run() throws {
        guard let rule else {
            for rule in Rule.all { print("\(rule.id): \(rule.summary)") }
            return
        }
        guard let found = Rule.named(rule) else {
            throw ValidationError("There is no rule \(rule). `codelab-codegen explain` lists them.")
        }
        print("\(found.id) (\(found.severity.rawValue))\n\(found.summary)\n\n\(found.explanation)")
    }
}
