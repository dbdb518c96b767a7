import APISupport
import Testing

@testable import codelab

/// What the processes of a replica have logged as JSON.
struct ReplicaLogs {
    /// An error that a killed peer gives reason for.
    private struct Expectation {
        let service: ServiceName
        let message: String
        /// What its cause names, one of them.
        let causes: [String]
    }

    /// How the client of HTTP says that a connection broke, or that there is nobody to connect to.
    private static let broken = [
        "remoteConnectionClosed", "I/O on closed channel", "stream ended at an unexpected time", "Connection reset", "Connection refused",
        "Broken pipe", "connectTimeout",
    ]
    /// How a runtime says that another one, which had the session, is gone.
    private static let sessionUnavailable = "the runtime answered 503 urn:codelab:problem:session-unavailable"

    private static let expectations = [
        Expectation(service: .gateway, message: "a frame was not delivered", causes: broken + [sessionUnavailable]),
        Expectation(service: .gateway, message: "session ended", causes: broken + [sessionUnavailable]),
        // Passed on to a runtime that was killed with it.
        Expectation(service: .runtime, message: "request failed", causes: broken),
    ]

    let name: String
    let service: ServiceName
    let lines: [String]

    init(name: String, _ replica: Replica) {
        self.name = name
        service = replica.service
        lines = replica.logs.flatMap { $0.split(separator: "\n").map(String.init) }
    }

    /// Every line is a log's (a crash would print others), and none is an error that is not expected.
    ///
    /// - Returns: How many lines of level warning and above there are, by what they say.
    func check() -> [String: Int] {
        var counts: [String: Int] = [:]
        for line in lines {
            guard let object = try? JSONReader.decode(JSONObject.self, from: Array(line.utf8)), let level = object["level"]?.stringValue,
                let message = object["message"]?.stringValue
            else {
                Issue.record("\(name) printed: \(line)")
                continue
            }
            guard ["warning", "error", "critical"].contains(level) else { continue }
            let cause = object["cause"]?.stringValue ?? object["error"]?.stringValue ?? ""
            // Without the request's id.
            counts["\(service.rawValue) \(level): \(message): \(cause.prefix { $0 != "(" })", default: 0] += 1
            guard level != "warning" else { continue }
            let isExpected = Self.expectations.contains { expectation in
                expectation.service == service && expectation.message == message && expectation.causes.contains { cause.contains($0) }
            }
            #expect(level == "error" && isExpected, "\(name): \(line)")
        }
        return counts
    }

    /// How many lines name a fenced session.
    var fenced: Int { lines.count { $0.lowercased().contains("fenced") } }
}
