import APISupport
import LLMProxyAPI

/// Failures in the statuses that each operation declares.
extension LLMProxyHandler {
    func failure(_ failure: RequestFailure, in operation: Operations.CreateChatCompletion.Type) -> Operations.CreateChatCompletion.Output {
        let body = Schemas.ErrorResponse(failure)
        return switch failure.code.status {
        case 401: .unauthorized(.init(body: body))
        case 403: .forbidden(body)
        case 404: .notFound(body)
        case 413: .contentTooLarge(body)
        case 415: .unsupportedMediaType(body)
        case 400..<500: .badRequest(body)
        case 503: .serviceUnavailable(body)
        default: .internalServerError(body)
        }
    }

    func failure(_ failure: RequestFailure, in operation: Operations.ListModels.Type) -> Operations.ListModels.Output {
        let body = Schemas.ErrorResponse(failure)
        return switch failure.code.status {
        case 401: .unauthorized(.init(body: body))
        case 403: .forbidden(body)
        default: .internalServerError(body)
        }
    }

    func failure(_ failure: RequestFailure, in operation: Operations.GetHealth.Type) -> Operations.GetHealth.Output {
        .internalServerError(Schemas.ErrorResponse(failure))
    }
}

extension Operations.CreateChatCompletion.Output {
    /// What a provider's failure is answered with.
    init(_ failure: ProviderFailure) {
        func body(_ type: String, _ code: String, param: String? = nil) -> Schemas.ErrorResponse {
            Schemas.ErrorResponse(message: failure.message, type: type, param: param, code: code)
        }
        self =
            switch failure.code {
            case .invalidRequest: .badRequest(body("invalid_request_error", "invalid_request"))
            case .modelNotFound: .notFound(body("invalid_request_error", "model_not_found", param: "model"))
            case .requestTooLarge: .contentTooLarge(body("invalid_request_error", "content_too_large"))
            case .rateLimited: .tooManyRequests(.init(retryAfter: failure.retryAfter, body: body("rate_limit_error", "rate_limited")))
            case .credentialsRefused: .badGateway(body("upstream_error", "upstream_credentials_refused"))
            case .failed: .badGateway(body("upstream_error", "upstream_failed"))
            case .invalidAnswer: .badGateway(body("upstream_error", "upstream_invalid_answer"))
            case .unavailable: .serviceUnavailable(body("upstream_error", "upstream_unavailable"))
            case .timeout: .gatewayTimeout(body("upstream_error", "upstream_timeout"))
            }
    }
}
