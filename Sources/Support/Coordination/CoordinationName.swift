/// A name of a channel, a queue, a stream, a group or a consumer is empty, or has more than 512 bytes.
public struct CoordinationNameFailure: Error, Sendable, Equatable {
    /// Longest name, in bytes of UTF-8.
    public static let limit = 512

    public init() {}

    /// Checks what every implementation refuses.
    public static func check(_ names: String...) throws(CoordinationNameFailure) {
        for name in names where name.isEmpty || name.utf8.count > limit { throw CoordinationNameFailure() }
    }
}

/// As many callers wait already as may: this one has to come again later.
public struct TooManyWaiting: Error, Sendable, Equatable {
    public init() {}
}
