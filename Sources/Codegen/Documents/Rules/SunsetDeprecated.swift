import CodegenModel

extension Rule {
    static let sunsetDeprecated = Rule(
        "sunset-deprecated", "An operation with an end is deprecated.", severity: .warning, help: "add `deprecated: true`",
        explanation: """
            `x-sunset` is the date after which an operation is gone, as servers say it in the `Sunset` field (RFC 8594): a date such as
            2027-01-31. Whoever calls the operation has to see it coming: the generated code marks only what is `deprecated`.
            """
    )
}

/// A rule about a vendor extension: these are kept with their places for whoever checks them.
struct SunsetDeprecated: DocumentRule {
    func check(_ document: OpenAPIDocument, _ diagnostics: DiagnosticCollector) {
        for (_, operation) in document.operations + document.webhookOperations {
            guard let sunset = operation.extensions.first(where: { $0.key == "x-sunset" }) else { continue }
            guard let date = sunset.value.string, Self.isDate(date) else {
                diagnostics.report(
                    .sunsetDeprecated, "`x-sunset` must be a date", at: sunset.value.position, help: "write it as '2027-01-31'")
                continue
            }
            if !operation.isDeprecated {
                diagnostics.report(.sunsetDeprecated, "the operation ends on \(date) but is not deprecated", at: sunset.keyPosition)
            }
        }
    }

    /// `full-date` of RFC 3339.
    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], let month = Int(parts[1]), let day = Int(parts[2]), Int(parts[0]) != nil else {
            return false
        }
        return (1...12).contains(month) && (1...31).contains(day)
    }
}
