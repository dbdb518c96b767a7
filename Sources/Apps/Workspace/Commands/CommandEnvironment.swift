import FoundationEssentials

/// The environment of a command: only variables known to hold no secret, so that neither a token nor a key of the person at the
/// terminal can end up in what the model reads.
public struct CommandEnvironment: Sendable, Equatable {
    /// What tools need to find programs, the home folder, the language and temporary space.
    static let passedOn: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "TMPDIR", "EDITOR", "COLUMNS", "LINES",
        "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "JAVA_HOME", "GOPATH", "GOROOT", "CARGO_HOME", "RUSTUP_HOME",
        "NVM_DIR", "PYENV_ROOT", "VIRTUAL_ENV", "SWIFTLY_HOME_DIR", "TOOLCHAINS", "CC", "CXX", "PKG_CONFIG_PATH",
    ]

    let variables: [String: String]

    /// Chooses from this process's own environment.
    public init() {
        self.init(choosingFrom: ProcessInfo.processInfo.environment)
    }

    /// - Parameter inherited: the environment to choose from.
    public init(choosingFrom inherited: [String: String]) {
        variables = inherited.filter { name, _ in Self.passedOn.contains(name) || name.hasPrefix("LC_") }
    }
}
