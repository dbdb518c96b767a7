import Glibc

/// Turns the terminal's echo off while a password is typed.
enum HiddenInput {
    static func read<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return try await body() }
        let shown = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
        defer {
            var shown = shown
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
        }
        return try await body()
    }
}
