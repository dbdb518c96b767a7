import FoundationEssentials
import Glibc
import Synchronization

/// Where the chat client writes: what the agent says to standard output, everything else (tools, questions, errors) to standard error.
///
/// What comes from a model, a file or a server is never written as it is: control characters could move the cursor, change the title or
/// forge an approval question.
final class Terminal: Sendable {
    /// How a piece of text looks.
    enum Style: String, Sendable {
        case plain = "0"
        case dim = "2"
        case bold = "1"
        case warning = "33"
        case failure = "31"
        case success = "32"
    }

    /// Whether somebody can be asked: both ends are a terminal.
    let isInteractive: Bool
    private let colorsOutput: Bool
    private let colorsNotes: Bool
    /// Whether the agent's text stands in the middle of a line.
    private let isInLine = Mutex(false)

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        // https://no-color.org: any value that is not empty.
        let allowsColor = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        isInteractive = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
        colorsOutput = allowsColor && isatty(STDOUT_FILENO) == 1
        colorsNotes = allowsColor && isatty(STDERR_FILENO) == 1
    }

    /// A part of the agent's text, as it streams.
    func say(_ text: String) {
        guard !text.isEmpty else { return }
        isInLine.withLock { $0 = text.last != "\n" }
        Self.write(Self.printable(text), to: STDOUT_FILENO)
    }

    /// Ends the agent's text with a line end, if it lacks one.
    func endSaying() {
        let needsEnd = isInLine.withLock { isInLine in
            defer { isInLine = false }
            return isInLine
        }
        if needsEnd { Self.write("\n", to: STDOUT_FILENO) }
    }

    /// A line about what happens.
    func note(_ text: String, _ style: Style = .dim) {
        endSaying()
        Self.write(styled(Self.printable(text), style) + "\n", to: STDERR_FILENO)
    }

    /// A question, the cursor behind it.
    func ask(_ question: String) {
        endSaying()
        Self.write(styled(Self.printable(question), .bold) + " ", to: STDERR_FILENO)
    }

    private func styled(_ text: String, _ style: Style) -> String {
        colorsNotes && style != .plain ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Without control characters other than line ends and tabs, and without the characters that turn the direction of writing around.
    static func printable(_ text: String) -> String {
        let isHarmless: (Unicode.Scalar) -> Bool = { scalar in
            switch scalar.value {
            case 0x0A, 0x09: true
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: false
            default: true
            }
        }
        guard !text.unicodeScalars.allSatisfy(isHarmless) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where scalar != "\r" { result.append(isHarmless(scalar) ? scalar : "\u{FFFD}") }
        return String(result)
    }

    private static func write(_ text: String, to descriptor: CInt) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            // A closed pipe: whoever read has seen enough.
            guard count > 0 || (count < 0 && errno == EINTR) else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
