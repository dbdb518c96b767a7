/// The page on which a person signs in for a client. It works without scripts, with a keyboard, and with a screen reader.
struct SignInPage: Sendable {
    /// What went wrong with the last attempt.
    enum Message: Sendable {
        case refused
        case tooManyAttempts(retryAfter: Int)

        var text: String {
            switch self {
            case .refused: "The name or the password is wrong."
            case .tooManyAttempts(let seconds):
                "Too many attempts from your network. Try again in \(seconds < 90 ? "\(seconds) seconds" : "\((seconds + 59) / 60) minutes")."
            }
        }
    }

    let request: AuthorizationRequest
    /// ``TransactionSeal/seal(_:at:)`` over the request.
    let transaction: String
    /// What was typed before.
    var username = ""
    var message: Message?

    var page: Page {
        let messageBlock: HTML = message.map { "<p class=\"message\" role=\"alert\" id=\"message\">\($0.text)</p>" } ?? ""
        let described: HTML = message == nil ? "" : " aria-describedby=\"message\""
        let body: HTML = """
            <h1>Sign in</h1>
            <p class="lead">to continue to <strong>\(request.client.name)</strong>, which will be able to:</p>
            <ul>\(scopeItems)</ul>
            \(messageBlock)
            <form method="post" action="/oauth/authorize">
            \(hiddenFields)
            <label for="username">Name or e-mail address</label>
            <input id="username" name="username" value="\(username)" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="320" required\(described)\(username.isEmpty ? " autofocus" as HTML : "")>
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required\(described)\(username.isEmpty ? "" as HTML : " autofocus")>
            <button type="submit">Sign in</button>
            </form>
            """
        return Page(title: "Sign in", body: body, formTarget: formTarget)
    }

    private var hiddenFields: HTML {
        let parameters = request.parameters
        let fields: [(String, String?)] = [
            ("client_id", parameters.clientID), ("redirect_uri", parameters.redirectURI), ("response_type", parameters.responseType),
            ("scope", parameters.scope), ("state", parameters.state), ("code_challenge", parameters.codeChallenge),
            ("code_challenge_method", parameters.codeChallengeMethod), ("nonce", parameters.nonce), ("transaction", transaction),
        ]
        return .joined(
            fields.compactMap { name, value in value.map { "<input type=\"hidden\" name=\"\(name)\" value=\"\($0)\">\n" } }
        )
    }

    private var scopeItems: HTML { .joined(request.scopes.values.map { "<li>\(Self.meaning(of: $0))</li>" }) }

    private static func meaning(of scope: String) -> String {
        switch scope {
        case "api:read": "see your sessions and their messages"
        case "api:write": "work in your sessions in your name"
        case "api:admin": "administer CodeLab in your name"
        case "openid": "know who you are"
        case "profile": "know your name"
        case "email": "know your e-mail address"
        default: scope
        }
    }

    /// Browsers check the redirect that answers a form against `form-action` too. A source cannot hold an IPv6 address, hence the scheme
    /// alone there.
    private var formTarget: String {
        let uri = request.redirectURI
        guard uri.scheme == "http" || uri.scheme == "https", !uri.host.hasPrefix("[") else { return "\(uri.scheme):" }
        return "\(uri.scheme)://\(uri.host)\(uri.port.map { ":\($0)" } ?? "")"
    }
}
