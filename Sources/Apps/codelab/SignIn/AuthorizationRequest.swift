import APISupport

/// The authorization request of one sign-in (RFC 6749 §4.1.1, RFC 7636 §4.3), and the check of its answer.
struct AuthorizationRequest: Sendable {
    static let clientID = "codelab-cli"

    let redirectURI: String
    let scope: String
    /// Binds the answer to this request.
    let state: String
    let proofKey = ProofKey()

    /// The URL that the person's browser opens.
    func url(authURL: String) -> String {
        let query = [
            ("client_id", Self.clientID), ("redirect_uri", redirectURI), ("response_type", "code"), ("scope", scope), ("state", state),
            ("code_challenge", proofKey.challenge), ("code_challenge_method", "S256"),
        ]
        return authURL + "/oauth/authorize?" + query.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
    }

    /// The code that the redirect brought.
    ///
    /// - Parameters:
    ///   - answer: the parameters of the redirect's query.
    ///   - issuer: who must have answered (RFC 9207): another server's code is not sent to this one.
    func code(from answer: [String: String], issuer: String) throws -> String {
        guard answer["state"] == state else {
            throw SignInFailure("the sign-in's answer belongs to another request; start again")
        }
        guard answer["iss"] == issuer else {
            throw SignInFailure("the sign-in was answered by another server than \(Terminal.printable(issuer))")
        }
        if let error = answer["error"] {
            let description = answer["error_description"].map { ": " + $0 } ?? ""
            throw SignInFailure("the sign-in was refused (\(Terminal.printable(error + description)))")
        }
        guard let code = answer["code"], !code.isEmpty else { throw SignInFailure("the sign-in's answer has no code") }
        return code
    }
}
