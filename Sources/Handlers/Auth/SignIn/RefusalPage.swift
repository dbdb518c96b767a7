/// The page for a person whose application sent them here in a way that cannot be answered to the application.
struct RefusalPage: Sendable {
    /// What is wrong, in a sentence.
    let reason: String
    /// Finds the log entry.
    let requestID: String

    var page: Page {
        Page(
            title: "This sign-in does not work",
            body: """
                <h1>This sign-in does not work</h1>
                <p class="message" role="alert">\(reason)</p>
                <p class="lead">Go back to the application and start again. If it happens again, tell those who run it this number: \(requestID)</p>
                """
        )
    }
}
