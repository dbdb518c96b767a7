/// Keeps what can be made again, for a while. Anything in it may be gone at any time.
public protocol Cache: Sendable {
    /// The value, unless it is gone.
    func value(for key: String) async throws -> [UInt8]?

    /// Keeps a value for some time, at least a millisecond.
    func set(_ value: [UInt8], for key: String, lasting duration: Duration) async throws

    func remove(_ key: String) async throws
}
