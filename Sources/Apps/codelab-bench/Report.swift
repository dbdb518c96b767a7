import FoundationEssentials

/// The measurements as they stand in docs/benchmarks.md.
struct Report: Sendable {
    let echo: Distribution
    /// In conversations of ten turns.
    let short: TextTurns.Result
    /// In one conversation, which grows with every turn.
    let long: TextTurns.Result
    /// Of the platform's process, after the measurement.
    let memory: Int?

    var markdown: String {
        let factor = ratio(short.message.percentile(50), echo.percentile(50))
        return """
            | \(short.message.count) rounds, in ms | p50 | p90 | p99 | slowest |
            |---|---|---|---|---|
            | HTTP echo, the machine's baseline | \(echo.row) |
            | text turn, conversations of 10 turns: to the first delta | \(short.firstDelta.row) |
            | to the whole message | \(short.message.row) |
            | to `turn_completed` | \(short.completed.row) |
            | text turn, one conversation of \(long.message.count) turns: to the whole message | \(long.message.row) |

            A text turn takes \(factor) times the echo at the median\(memory.map { "; the four services together hold \($0) MB" } ?? "").
            """
    }

    /// The resident memory of a process (proc_pid_status(5)).
    static func residentMegabytes(of process: Int) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }) else { return nil }
        return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 / 1024 }
    }

    private func ratio(_ value: Duration, _ base: Duration) -> String {
        let tenths = base > .zero ? Int64(value / base * 10) : 0
        return "\(tenths / 10).\(tenths % 10)"
    }
}
