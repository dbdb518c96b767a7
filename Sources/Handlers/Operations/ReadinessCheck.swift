/// One thing that a service uses, and how to find out whether it can be used now.
public struct ReadinessCheck: Sendable {
    /// What it is, for programs: small letters and hyphens.
    public let name: String
    /// Whether the service is not ready without it.
    public let isRequired: Bool
    /// What does not work without it. It is told to everyone, the error behind it only to the log.
    public let reason: String
    let run: @Sendable () async throws -> Void

    /// - Parameter run: Asks it; throws when it cannot be used. Must end soon after its task has been cancelled.
    public init(_ name: String, isRequired: Bool = true, reason: String, run: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.isRequired = isRequired
        self.reason = reason
        self.run = run
    }
}
