import APISupport
import AuthAPI
import Logging

extension AuthHandler {
    /// Takes the sign-in form, and sends the browser back to the client with a code.
    func signIn(_ input: Operations.SignIn.Input, context: CallContext) async throws -> Operations.SignIn.Output {
        let form = input.body
        let parameters = AuthorizationParameters(
            clientID: form.clientID, redirectURI: form.redirectURI, responseType: form.responseType, scope: form.scope, state: form.state,
            codeChallenge: form.codeChallenge, codeChallengeMethod: form.codeChallengeMethod, nonce: form.nonce
        )
        func refuse(_ reason: String) -> Operations.SignIn.Output {
            .badRequest(.init(RefusalPage(reason: reason, requestID: context.requestID).page))
        }
        // Browsers that tell (all current ones do) say so when another site sends the form.
        guard [nil, "same-origin", "none"].contains(input.secFetchSite) else { return refuse("This form was sent by another site.") }
        do {
            let request = try AuthorizationRequest(parameters, registry: registry)
            guard try await isSealed(form.transaction, parameters) else {
                return refuse("This page was open for too long.")
            }
            return try await signIn(form, for: request, context: context)
        } catch let refusal as AuthorizationRefusal {
            switch refusal {
            case .page(let reason): return refuse(reason)
            case .redirect(let uri, let error, let state):
                return redirect(AuthorizationResponse(error: error, to: uri, state: state, issuer: configuration.issuer))
            }
        }
    }

    private func signIn(
        _ form: Schemas.SignInForm, for request: AuthorizationRequest, context: CallContext
    ) async throws -> Operations.SignIn.Output {
        let address = address(of: context)
        switch try await accounts.signIn(name: form.username, password: form.password, address: address) {
        case .refused:
            context.logger.notice("A sign-in was refused", metadata: ["client_id": "\(request.client.id)", "address": "\(address.key)"])
            return .unauthorized(.init(try await signInPage(for: request, username: form.username, message: .refused).page))
        case .notTried(.unavailable(let wait)):
            return .serviceUnavailable(.init(RefusalPage(reason: Self.outage, requestID: context.requestID).page, retryAfter: wait))
        case .notTried(.tooManyAttempts(let wait)):
            context.logger.notice("Sign-ins are slowed down", metadata: ["client_id": "\(request.client.id)", "address": "\(address.key)"])
            let page = try await signInPage(for: request, username: form.username, message: .tooManyAttempts(retryAfter: wait)).page
            return .tooManyRequests(.init(page, retryAfter: wait))
        case .signedIn(let user):
            let scopes = user.grantable(request.scopes)
            guard !scopes.isEmpty else {
                let error = OAuthError(.accessDenied, "The user may not grant these scopes.")
                return redirect(
                    AuthorizationResponse(
                        error: error, to: request.redirectURI, state: request.parameters.state, issuer: configuration.issuer
                    )
                )
            }
            let code = try await codes.issue(for: request, scopes: scopes, userID: user.id)
            context.logger.info("A user signed in", metadata: ["user_id": "\(user.id)", "client_id": "\(request.client.id)"])
            return redirect(AuthorizationResponse(code: code, to: request, issuer: configuration.issuer))
        }
    }

    private static let outage = "Nobody can sign in at this moment. Try again in a little while."

    /// 303: the browser must not send the password on (RFC 9700 section 4.12).
    private func redirect(_ response: AuthorizationResponse) -> Operations.SignIn.Output {
        .seeOther(.init(location: response.location, cacheControl: CacheControl.none))
    }

    func failure(_ failure: RequestFailure, in operation: Operations.SignIn.Type) -> Operations.SignIn.Output {
        let page = RefusalPage(reason: RefusalPage.reason(for: failure), requestID: nil).page
        switch failure.code.status {
        case 400: return .badRequest(.init(page))
        case 503: return .serviceUnavailable(.init(page, retryAfter: 1))
        case let status: return .default(statusCode: status, .init(page))
        }
    }
}
