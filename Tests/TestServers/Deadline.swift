import Foundation

/// Waiting for what another process does, which tells nobody when it has done it.
public enum Deadline {
    /// Asks again and again until the answer is yes.
    ///
    /// - Throws: ``ServerFailure`` after `patience`, with the end of the log.
    public static func wait(
        _ what: String, within patience: Duration = .seconds(30), log: String? = nil, for condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + patience
        while try await !condition() {
            guard ContinuousClock.now < deadline else {
                let end = log.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) }?.suffix(2000) ?? ""
                throw ServerFailure(message: "Waited \(patience) in vain for \(what)\n\(end)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
