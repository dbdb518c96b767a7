import APISupport
import AuthAPI
import HTTPTypes

/// Checks the credentials that this service's own operations ask for.
struct AuthSecurity: SecurityHandler {
    let accessTokens: AccessTokens
    let clientAuthentication: ClientAuthentication
    let trustedProxies: Int

    /// An access token of this server (RFC 6750).
    func bearerAuth(_ token: String, scopes: [String], context: CallContext) async throws -> Principal {
        guard let claims = await accessTokens.verified(token) else { throw RequestFailure.invalidToken }
        let principal = Principal(
            subject: claims.sub, clientID: claims.clientID, scopes: Set(claims.scope.split(separator: " ").map(String.init)),
            expiresAt: Timestamp(secondsSinceEpoch: Int64(claims.exp)), token: token
        )
        try principal.requireScopes(scopes)
        return principal
    }

    /// A client's identifier and secret, each form-urlencoded before they are put together (RFC 6749 section 2.3.1).
    func clientBasic(username: String, password: String, scopes: [String], context: CallContext) async throws -> Principal {
        let address = ClientAddress(context.request, trustedProxies: trustedProxies).key
        do {
            guard let id = Self.formDecoded(username), let secret = Self.formDecoded(password) else { throw OAuthError.invalidClient }
            let client = try await clientAuthentication.client(id: id, secret: secret, address: address)
            return Principal(subject: client.id, clientID: client.id)
        } catch let error as OAuthError {
            throw RequestFailure(error)
        }
    }

    private static func formDecoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension RequestFailure {
    /// A refused client, as the security handler must throw it; ``OAuthAnswer`` makes an OAuth error of it again.
    init(_ error: OAuthError) {
        switch error.refusal {
        case .tooManyAttempts(let seconds):
            self.init(.tooManyRequests, detail: error.description, headerFields: [.retryAfter: String(seconds)])
        case .unavailable(let seconds):
            self.init(.unavailable, detail: error.description, headerFields: [.retryAfter: String(seconds)])
        case nil:
            self.init(.unauthenticated, detail: error.description)
        }
    }
}
