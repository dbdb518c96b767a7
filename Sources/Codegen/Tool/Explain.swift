import ArgumentParser
import CodegenDocuments
import CodegenModel

/// `codelab-codegen explain`
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a rule asks for, and why.",
        discussion: """
            Without a rule, lists all of them, and the kinds of changes that `diff` tells.

            Examples:
              codelab-codegen explain
              codelab-codegen explain response-missing
              codelab-codegen explain enum-value-removed

            Exit status: 0, or 64 when there is no such rule.
            """
    )

    @Argument(help: "The rule's name, as it stands in brackets behind a finding or a change.")
    var rule: String?

    func run() throws {
        guard let rule else {
            for rule in Rule.all { print("\(rule.id): \(rule.summary)") }
            print("\nChanges:")
            for kind in ChangeKind.allCases { print("\(kind.rawValue): \(kind.summary)") }
            return
        }
        if let kind = ChangeKind(rawValue: rule) {
            return print("\(kind.rawValue) (change)\n\(kind.summary)")
        }
        guard let found = Rule.named(rule) else {
            let near = Rule.namesNear(rule)
            let suggestion = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
            throw ValidationError("There is no rule \(rule).\(suggestion) `codelab-codegen explain` lists them.")
        }
        print("\(found.id) (\(found.severity.rawValue))\n\(found.summary)\n\n\(found.explanation)")
        if let wrong = found.wrong { print("\nWrong:\n\(Self.indented(wrong))") }
        if let right = found.right { print("\nRight:\n\(Self.indented(right))") }
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(separator: "\n")
    }
}
