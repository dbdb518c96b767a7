import APISupport

/// Why a turn does not take what a client sent.
enum TurnRefusal: Error, Sendable, Equatable {
    /// No call of that id waits.
    case unknownCall
    /// The call's approval has been settled already.
    case alreadyDecided
    /// An edit without arguments.
    case argumentsMissing
    /// The changed arguments do not fit, or the agent may not use them.
    case arguments(CallPolicy.Refusal)
    /// The turn has ended, or another one runs.
    case noSuchTurn
}
