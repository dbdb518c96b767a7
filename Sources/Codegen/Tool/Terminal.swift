import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whether people read what is written.
enum Terminal {
    static var isStandardOutput: Bool { isatty(STDOUT_FILENO) != 0 }
    static var isStandardError: Bool { isatty(STDERR_FILENO) != 0 }

    /// https://no-color.org: a `NO_COLOR` that is not empty means none.
    static func isColored(_ isTerminal: Bool) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        return isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
}
