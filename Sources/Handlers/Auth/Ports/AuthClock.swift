public import FoundationEssentials

/// Tells the time to everything that expires.
public struct AuthClock: Sendable {
    /// The present instant.
    public let now: @Sendable () -> Date

    public init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// The machine's clock.
    public static let system = AuthClock { Date() }
}
