/// The bounds of a turn; ``RuntimeConfiguration`` says what each is for.
struct TurnLimits: Sendable {
    var maximumSteps: Int
    var toolResultTimeout: Duration
    var approvalTimeout: Duration
    var maximumAnswerBytes: Int
    var maximumToolResultBytes: Int
}
