import APISupport
import AuthAPI

/// Fills the sign-in page in without a browser, for scripts and tests: `codelab chat --password-from-env`.
///
/// It does what a browser does with the page: loads it, sends its form with the page's own seal, and follows the redirect. The page and
/// the protocol are the real ones; only the person is missing.
struct SignInPage: Sendable {
    let client: Client
    let username: String
    let password: String

    /// - Returns: where the browser would be sent next: the redirect URI with the answer.
    func submit(_ request: AuthorizationRequest) async throws -> String {
        let shown = try await client.authorize(
            Operations.Authorize.Input(
                clientID: AuthorizationRequest.clientID, redirectURI: request.redirectURI, responseType: "code", scope: request.scope,
                state: request.state, codeChallenge: request.proofKey.challenge, codeChallengeMethod: "S256"
            )
        )
        let page: String
        switch shown {
        case .ok(let answer): page = answer.body
        case .found(let answer): return answer.location
        case .badRequest: throw SignInFailure("the server refuses the authorization request")
        case .default(let statusCode, _): throw SignInFailure("the sign-in page is answered with status \(statusCode)")
        }
        guard let transaction = Self.hiddenField("transaction", in: page) else {
            throw SignInFailure("the sign-in page has no form that this program knows")
        }
        let answer = try await client.signIn(
            Operations.SignIn.Input(
                body: Schemas.SignInForm(
                    username: username, password: password, clientID: AuthorizationRequest.clientID, redirectURI: request.redirectURI,
                    responseType: "code", scope: request.scope, state: request.state, codeChallenge: request.proofKey.challenge,
                    codeChallengeMethod: "S256", transaction: transaction
                )
            )
        )
        switch answer {
        case .seeOther(let redirect): return redirect.location
        case .unauthorized: throw SignInFailure("the name or the password is wrong")
        case .tooManyRequests(let answer): throw SignInFailure("too many attempts; wait \(answer.retryAfter) seconds")
        case .serviceUnavailable(let answer): throw SignInFailure("nobody can sign in now; wait \(answer.retryAfter) seconds")
        case .badRequest: throw SignInFailure("the server refuses the sign-in form")
        case .default(let statusCode, _): throw SignInFailure("the sign-in is answered with status \(statusCode)")
        }
    }

    /// The value of an input element. Its value is made of characters that HTML does not escape.
    static func hiddenField(_ name: String, in page: String) -> String? {
        for element in page.split(separator: "<") where element.hasPrefix("input") && element.contains("name=\"\(name)\"") {
            guard let start = element.range(of: "value=\"")?.upperBound, let end = element[start...].firstIndex(of: "\"") else {
                return nil
            }
            return String(element[start..<end])
        }
        return nil
    }
}

extension Substring {
    /// The first occurrence of a text.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
