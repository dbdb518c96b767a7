import Logging

/// Meeting a server for the first time.
enum StoreStart {
    /// Waits for a server that may have been started at the same moment. Why it has to wait is said at once, not in the end only.
    ///
    /// - Parameter isFinal: Whether an error stays until somebody changes a setting: then there is no waiting.
    /// - Throws: ``ConfigurationError`` with the last reason.
    static func reach(
        _ server: String, within patience: Duration, logger: Logger, isFinal: (any Error) -> Bool, _ attempt: () async throws -> Void
    ) async throws {
        let deadline = ContinuousClock.now + patience
        var pause = Duration.milliseconds(100)
        var told = ""
        while true {
            do {
                return try await attempt()
            } catch let error where !(error is CancellationError) {
                let reason = "\(error)"
                guard !isFinal(error), ContinuousClock.now + pause < deadline else {
                    throw ConfigurationError("\(server) cannot be used: \(reason)")
                }
                if reason != told { logger.warning("Waiting for \(server), for at most \(patience)", metadata: ["reason": "\(reason)"]) }
                told = reason
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
        }
    }
}
