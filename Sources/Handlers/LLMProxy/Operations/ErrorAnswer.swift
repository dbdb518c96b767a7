import APISupport
import HTTPTypes
import LLMProxyAPI

/// OpenAI's error object for everything that goes wrong.
extension Schemas.ErrorResponse {
    init(message: String, type: String, param: String? = nil, code: String) {
        self.init(error: Schemas.ErrorObject(message: String(message.prefix(4096)), type: type, param: param, code: code))
    }

    /// For a request that was stopped before its handler.
    init(_ failure: RequestFailure) {
        let violation = failure.violations.first
        let message = failure.violations.isEmpty ? failure.publicText : failure.violations.map(\.text).joined(separator: "; ")
        self.init(
            message: message, type: Self.type(status: failure.code.status), param: violation.flatMap { Self.param($0.pointer) },
            code: failure.code.name.replacing("-", with: "_"))
    }

    private static func type(status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 429: "rate_limit_error"
        case 400..<500: "invalid_request_error"
        default: "server_error"
        }
    }

    /// OpenAI's way to name a member: `messages[0].role` for the pointer `/messages/0/role`.
    static func param(_ pointer: String) -> String? {
        guard pointer.hasPrefix("/") else { return pointer.isEmpty ? nil : String(pointer.prefix(256)) }
        var param = ""
        for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            if !token.isEmpty, token.allSatisfy(\.isNumber) {
                param += "[\(token)]"
            } else {
                param += (param.isEmpty ? "" : ".") + token.replacing("~1", with: "/").replacing("~0", with: "~")
            }
        }
        return String(param.prefix(256))
    }
}

extension RequestFailure {
    fileprivate var publicText: String { detail.isEmpty ? code.title : detail }
}

extension Violation {
    fileprivate var text: String { (Schemas.ErrorResponse.param(pointer).map { "\($0): " } ?? "") + message }
}
