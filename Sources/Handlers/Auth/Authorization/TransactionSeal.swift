import Crypto
import FoundationEssentials

/// Proves that this server showed the sign-in page for exactly this request a short while ago, and keeps nothing for it.
///
/// The seal is a MAC over the request's parameters and an expiry, under a key that is derived from the signing key: every instance has it.
struct TransactionSeal: Sendable {
    /// The key of the active signing key first.
    let keys: [SymmetricKey]
    /// Seconds that a page may be looked at.
    let lifetime: TimeInterval

    func seal(_ parameters: AuthorizationParameters, at now: Date) -> String? {
        guard let key = keys.first else { return nil }
        let expiry = String(Int(now.timeIntervalSince1970 + lifetime))
        return expiry + "." + Base64URL.encode(HMAC<SHA256>.authenticationCode(for: Self.message(parameters, expiry), using: key))
    }

    func isValid(_ seal: String, for parameters: AuthorizationParameters, at now: Date) -> Bool {
        let parts = seal.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let expiry = Int(parts[0]), Double(expiry) > now.timeIntervalSince1970,
            let code = Base64URL.decode(parts[1])
        else { return false }
        let message = Self.message(parameters, parts[0])
        return keys.contains { HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: $0) }
    }

    /// Each field with its length in front, so that no two requests have one text; `prompt` is not part of the form.
    private static func message(_ parameters: AuthorizationParameters, _ expiry: String) -> Data {
        let fields = [
            expiry, parameters.clientID, parameters.redirectURI, parameters.responseType, parameters.scope, parameters.state,
            parameters.codeChallenge, parameters.codeChallengeMethod, parameters.nonce,
        ]
        return Data(fields.map { field in field.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined(separator: ",").utf8)
    }
}
