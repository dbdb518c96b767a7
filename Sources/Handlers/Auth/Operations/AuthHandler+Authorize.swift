import APISupport
import AuthAPI
import Crypto

extension AuthHandler {
    /// Shows the sign-in page for a request that is as it should be.
    func authorize(_ input: Operations.Authorize.Input, context: CallContext) async throws -> Operations.Authorize.Output {
        let parameters = AuthorizationParameters(
            clientID: input.clientID, redirectURI: input.redirectURI, responseType: input.responseType, scope: input.scope,
            state: input.state, codeChallenge: input.codeChallenge, codeChallengeMethod: input.codeChallengeMethod, nonce: input.nonce,
            prompt: input.prompt
        )
        do {
            let request = try AuthorizationRequest(parameters, registry: registry)
            return .ok(.init(try await signInPage(for: request).page))
        } catch let refusal as AuthorizationRefusal {
            switch refusal {
            case .page(let reason):
                return .badRequest(.init(RefusalPage(reason: reason, requestID: context.requestID).page))
            case .redirect(let uri, let error, let state):
                let response = AuthorizationResponse(error: error, to: uri, state: state, issuer: configuration.issuer)
                return .found(.init(location: response.location, cacheControl: CacheControl.none))
            }
        }
    }

    func failure(_ failure: RequestFailure, in operation: Operations.Authorize.Type) -> Operations.Authorize.Output {
        // Nobody's request id is at hand here; the answer's X-Request-ID has it.
        let page = RefusalPage(reason: RefusalPage.reason(for: failure), requestID: nil).page
        return failure.code.status == 400 ? .badRequest(.init(page)) : .default(statusCode: failure.code.status, .init(page))
    }

    /// A new page with a seal of this moment.
    func signInPage(for request: AuthorizationRequest, username: String = "", message: SignInPage.Message? = nil) async throws -> SignInPage
    {
        guard let transaction = try await transactionSeal().seal(request.parameters, at: clock.now()) else {
            throw AuthConfigurationError("There is no key to seal a sign-in page with.")
        }
        return SignInPage(request: request, transaction: transaction, username: username, message: message)
    }

    /// Whether this server, or another replica of it, sealed the request a short while ago.
    func isSealed(_ transaction: String, _ parameters: AuthorizationParameters) async throws -> Bool {
        let now = clock.now()
        if try await transactionSeal().isValid(transaction, for: parameters, at: now) { return true }
        // Another replica may have sealed it with a key that it has just made.
        return try await transactionSeal(keys: keys.reload().sealKeys).isValid(transaction, for: parameters, at: now)
    }

    private func transactionSeal() async throws -> TransactionSeal { transactionSeal(keys: try await keys.current().sealKeys) }

    private func transactionSeal(keys: [SymmetricKey]) -> TransactionSeal {
        TransactionSeal(keys: keys, lifetime: configuration.signInPageLifetime)
    }
}
