/// Why a turn ended without an answer, as its client is told.
struct TurnFailure: Error, Sendable, Equatable {
    /// Stable, for programs.
    enum Code: String, Sendable, CaseIterable {
        case modelUnavailable = "model_unavailable"
        case modelRateLimited = "model_rate_limited"
        case modelRejected = "model_rejected"
        case modelInvalidOutput = "model_invalid_output"
        case stepLimit = "step_limit"
        case turnTimeout = "turn_timeout"
        case interrupted
        case internalError = "internal_error"
    }

    let code: Code
    /// For people; without internals.
    let message: String
    /// Whether the same message may succeed later.
    let isRetryable: Bool

    init(_ code: Code, message: String, isRetryable: Bool) {
        self.code = code
        self.message = String(message.prefix(1000))
        self.isRetryable = isRetryable
    }

    /// What a model's failure means for its turn.
    init(_ failure: ModelFailure) {
        switch failure.code {
        case .unavailable: self.init(.modelUnavailable, message: failure.message, isRetryable: true)
        case .rateLimited: self.init(.modelRateLimited, message: failure.message, isRetryable: true)
        case .rejected: self.init(.modelRejected, message: failure.message, isRetryable: false)
        case .invalidOutput: self.init(.modelInvalidOutput, message: failure.message, isRetryable: true)
        }
    }
}
