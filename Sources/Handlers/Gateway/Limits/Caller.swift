import APISupport
import Coordination

/// Who is held to account for a call.
enum Caller: Sendable, Equatable {
    /// Whose token is valid.
    case user(String)
    /// Somebody without a token where that is allowed. All of them are one user, whose limit they must not share.
    case anonymous(address: String)
    /// Somebody without a token, or with one that is not valid.
    case unauthenticated(address: String)
    /// Somebody whose token cannot be checked at the moment.
    case unknown

    /// What the caller's counts are called where they are kept.
    func name(of subject: String) -> String? {
        switch self {
        case .user(let id): "gateway:\(subject):user:\(RateLimit.bounded(id))"
        case .anonymous(let address): "gateway:\(subject):address:\(address)"
        case .unauthenticated(let address): "gateway:unauthenticated:\(address)"
        case .unknown: nil
        }
    }
}

/// Finds out who calls.
struct Callers: Sendable {
    let checkToken: @Sendable (_ token: String) async throws -> Principal
    let anonymous: AnonymousAccess?
    let trustedProxies: Int

    /// The caller, and what the check of its token found, if there is one.
    func caller(of request: ServerRequest) async -> (caller: Caller, token: CheckedToken?) {
        let address = ClientAddress(request, trustedProxies: trustedProxies).key
        guard let token = ServerCall.bearer(in: request) else { return (.unauthenticated(address: address), nil) }
        if let anonymous, anonymous.isPass(token) { return (.anonymous(address: address), nil) }
        do {
            let principal = try await checkToken(token)
            return (.user(principal.subject), CheckedToken(token: token, result: .success(principal)))
        } catch {
            let isRefused = (error as? RequestFailure)?.code == .unauthenticated
            return (isRefused ? .unauthenticated(address: address) : .unknown, CheckedToken(token: token, result: .failure(error)))
        }
    }

    /// The caller on a connection that was accepted.
    func caller(_ principal: Principal, on request: ServerRequest) -> Caller {
        guard anonymous != nil, principal == AnonymousAccess.principal else { return .user(principal.subject) }
        return .anonymous(address: ClientAddress(request, trustedProxies: trustedProxies).key)
    }
}
