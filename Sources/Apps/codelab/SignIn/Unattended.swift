/// Who signs in when no person is there: the account in `CODELAB_USERNAME` and `CODELAB_PASSWORD`, or the file that `CODELAB_PASSWORD_FILE` names.
struct Unattended: Sendable {
    let username: String
    let password: String

    init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    init(_ sources: ConfigurationSources) throws {
        guard let username = sources.text(.username), let password = try sources.secret(.password) else {
            throw ConfigurationError("--password-from-env needs CODELAB_USERNAME and CODELAB_PASSWORD (or CODELAB_PASSWORD_FILE)")
        }
        self.init(username: username, password: password)
    }
}
