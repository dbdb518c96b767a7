import Logging
import Synchronization

/// What was logged at the level notice or above, with the check that it is about.
final class LogRecord: Sendable {
    private let kept = Mutex<[String]>([])

    var messages: [String] { kept.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(record: self) } }

    private struct Handler: LogHandler {
        let record: LogRecord
        var logLevel = Logger.Level.notice
        var metadata = Logger.Metadata()

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let details = ["check", "cause"].compactMap { event.metadata?[$0].map { "\($0)" } }
            record.kept.withLock { $0.append("\(event.level): \(event.message): \(details.joined(separator: ", "))") }
        }
    }
}
