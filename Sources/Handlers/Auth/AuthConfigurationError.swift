/// The service cannot run as it is configured.
public struct AuthConfigurationError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, for whoever runs the service.
    public let description: String

    public init(_ description: String) { self.description = description }
}
