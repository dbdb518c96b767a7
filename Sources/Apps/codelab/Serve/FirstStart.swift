import Glibc

/// What is shown once, when the first account was made.
enum FirstStart {
    /// Goes to standard output and never into the log, which is kept and passed on.
    static func show(administrator: String, password: String) {
        print(
            """

            The administrator's account was created:
                name      \(administrator)
                password  \(password)
            It is shown only now. Sign in with it, or create other accounts: codelab admin create-user NAME

            """
        )
        fflush(nil)
    }
}
