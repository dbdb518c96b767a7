internal import Synchronization

/// Whether a store is away, so that its going and its coming back are told once each and not with every call.
final class Outage: Sendable {
    private let isUnderWay = Atomic(false)

    /// A call of the store has failed.
    ///
    /// - Returns: Whether it is the first one since the store worked.
    func begins() -> Bool { !isUnderWay.exchange(true, ordering: .relaxed) }

    /// A call of the store has worked.
    ///
    /// - Returns: Whether it is the first one since the store was away.
    func ends() -> Bool { isUnderWay.load(ordering: .relaxed) && isUnderWay.exchange(false, ordering: .relaxed) }
}
