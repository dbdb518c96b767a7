/// Who signs in when no person is there: the account in `CODELAB_USERNAME` and `CODELAB_PASSWORD`.
struct Unattended: Sendable {
    let username: String
    let password: String

    /// - Returns: nil when it is not wanted.
    init?(_ environment: [String: String], isWanted: Bool) throws {
        guard isWanted else { return nil }
        guard let username = environment["CODELAB_USERNAME"], !username.isEmpty, let password = environment["CODELAB_PASSWORD"],
            !password.isEmpty
        else { throw ConfigurationError("--password-from-env needs CODELAB_USERNAME and CODELAB_PASSWORD") }
        self.username = username
        self.password = password
    }
}
