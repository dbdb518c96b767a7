/// Why a provider gave no answer, or broke one off.
public struct ProviderFailure: Error, Sendable {
    /// What went wrong, in terms of what the proxy answers then.
    public enum Code: Sendable, Equatable, CaseIterable {
        /// The provider finds the request wrong: 400.
        case invalidRequest
        /// The provider does not have the model: 404.
        case modelNotFound
        /// The request is larger than the provider takes: 413.
        case requestTooLarge
        /// The provider limits the rate: 429.
        case rateLimited
        /// The provider does not accept the proxy's credentials, which is the proxy's failure and not the caller's: 502.
        case credentialsRefused
        /// The provider failed: 502.
        case failed
        /// The provider answered what is not a completion: 502.
        case invalidAnswer
        /// The provider cannot be reached, or is overloaded: 503.
        case unavailable
        /// The provider did not answer in time: 504.
        case timeout
    }

    public var code: Code
    /// For the caller: no secrets, no internals.
    public var message: String
    /// The status the provider answered with, when it answered.
    public var upstreamStatus: Int?
    /// Seconds the provider asks to wait.
    public var retryAfter: Int64?
    /// For the log only.
    public var cause: (any Error)?

    public init(
        _ code: Code, _ message: String, upstreamStatus: Int? = nil, retryAfter: Int64? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.upstreamStatus = upstreamStatus
        self.retryAfter = retryAfter
        self.cause = cause
    }
}

extension ProviderFailure.Code {
    /// What an upstream's error status means for the caller of the proxy.
    init(upstreamStatus status: Int) {
        switch status {
        case 401, 403: self = .credentialsRefused
        case 404: self = .modelNotFound
        case 408, 504: self = .timeout
        case 413: self = .requestTooLarge
        case 429: self = .rateLimited
        case 400..<500: self = .invalidRequest
        case 503, 529: self = .unavailable
        default: self = .failed
        }
    }
}
