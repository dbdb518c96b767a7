import APISupport

/// The page for a person whose application sent them here in a way that cannot be answered to the application.
struct RefusalPage: Sendable {
    /// What is wrong, in a sentence.
    let reason: String
    /// Finds the log entry.
    let requestID: String?

    var page: Page {
        let number: HTML = requestID.map { " If it happens again, tell those who run it this number: \($0)" } ?? ""
        return Page(
            title: "This sign-in does not work",
            body: """
                <h1>This sign-in does not work</h1>
                <p class="message" role="alert">\(reason)</p>
                <p class="lead">Go back to the application and start again.\(number)</p>
                """
        )
    }

    /// What a person is told of a request that never came to be looked at, or of a failure of the service.
    static func reason(for failure: RequestFailure) -> String {
        switch failure.code.status {
        case 400:
            "The request is malformed: "
                + failure.violations.prefix(5).map { "\($0.pointer.isEmpty ? "form" : $0.pointer) (\($0.rule))" }.joined(separator: ", ")
        case 503: failure.detail.isEmpty ? "Too many people are signing in at this moment." : failure.detail
        case ..<500: failure.code.title
        default: "The service failed."
        }
    }
}
