import APISupport
import AuthAPI
import HTTPTypes

/// An OAuth error on its way out: with its status, and with what the status asks for in headers.
struct OAuthAnswer: Sendable {
    let status: Int
    let error: Schemas.OAuthError
    /// Seconds; for the statuses 429 and 503.
    let retryAfter: Int32

    /// For the status 401 (RFC 6749 section 5.2).
    static let challenge = "Basic realm=\"codelab\", charset=\"UTF-8\""

    /// A refusal by a grant or by client authentication.
    init(_ error: OAuthError) {
        switch (error.refusal, error.code) {
        case (.tooManyAttempts(let seconds), _): (status, retryAfter) = (429, Int32(clamping: seconds))
        case (.unavailable(let seconds), _): (status, retryAfter) = (503, Int32(clamping: seconds))
        case (nil, .invalidClient): (status, retryAfter) = (401, 1)
        case (nil, _): (status, retryAfter) = (400, 1)
        }
        self.error = Schemas.OAuthError(
            error: Schemas.OAuthErrorCode(rawValue: error.code.rawValue), errorDescription: error.description
        )
    }

    /// What was wrong before a grant was looked at, or went wrong inside.
    init(_ failure: RequestFailure) {
        status = failure.code.status
        retryAfter = failure.headerFields[.retryAfter].flatMap(Int32.init) ?? 1
        let code: OAuthError.Code =
            switch status {
            case 401: .invalidClient
            case 429, 503: .temporarilyUnavailable
            case 500...: .serverError
            default: .invalidRequest
            }
        let violations = failure.violations.prefix(5).map { "\($0.pointer) (\($0.rule))" }.joined(separator: ", ")
        let description = failure.detail + (violations.isEmpty ? "" : " \(violations)")
        error = Schemas.OAuthError(
            error: Schemas.OAuthErrorCode(rawValue: code.rawValue), errorDescription: description.isEmpty ? nil : Self.allowed(description)
        )
    }

    /// Only the characters that RFC 6749 section 5.2 allows in a description.
    private static func allowed(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { (0x20...0x7E).contains($0.value) && $0 != "\"" && $0 != "\\" }.prefix(1024)
            )
        )
    }
}

extension Operations.Token.Output {
    init(_ answer: OAuthAnswer) {
        switch answer.status {
        case 400: self = .badRequest(.init(cacheControl: CacheControl.none, body: answer.error))
        case 401:
            self = .unauthorized(.init(cacheControl: CacheControl.none, wwwAuthenticate: OAuthAnswer.challenge, body: answer.error))
        case 429: self = .tooManyRequests(.init(cacheControl: CacheControl.none, retryAfter: answer.retryAfter, body: answer.error))
        case 503: self = .serviceUnavailable(.init(cacheControl: CacheControl.none, retryAfter: answer.retryAfter, body: answer.error))
        default: self = .default(statusCode: answer.status, .init(cacheControl: CacheControl.none, body: answer.error))
        }
    }
}

extension Operations.Revoke.Output {
    init(_ answer: OAuthAnswer) {
        switch answer.status {
        case 400: self = .badRequest(.init(cacheControl: CacheControl.none, body: answer.error))
        case 401:
            self = .unauthorized(.init(cacheControl: CacheControl.none, wwwAuthenticate: OAuthAnswer.challenge, body: answer.error))
        case 429: self = .tooManyRequests(.init(cacheControl: CacheControl.none, retryAfter: answer.retryAfter, body: answer.error))
        case 503: self = .serviceUnavailable(.init(cacheControl: CacheControl.none, retryAfter: answer.retryAfter, body: answer.error))
        default: self = .default(statusCode: answer.status, .init(cacheControl: CacheControl.none, body: answer.error))
        }
    }
}
