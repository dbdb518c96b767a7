public import APISupport
public import Coordination
public import LLMProxyAPI
public import Logging

/// The LLM proxy: providers behind the operations of `specs/llm-proxy`.
public struct LLMProxyService: Sendable {
    private let handler: LLMProxyHandler
    private let security: BearerTokenSecurity
    private let logger: Logger

    /// A proxy over the upstream that the configuration names.
    ///
    /// `transport` reaches the upstream. `limiter` counts what each user asks for, for all replicas. `checkToken` gives an access token's principal; it throws `RequestFailure` `unauthenticated` for a token
    /// that is not valid, and leaves the scopes to the proxy. Throws for a model that is named twice.
    public init(
        configuration: LLMProxyConfiguration, transport: any ClientTransport, limiter: any RateLimiter, logger: Logger,
        checkToken: @escaping @Sendable (_ token: String) async throws -> Principal
    ) throws {
        var providers: [any ChatProvider] = []
        if let upstream = configuration.upstream { providers.append(OpenAICompatibleProvider(upstream, transport: transport)) }
        try self.init(configuration: configuration, providers: providers, limiter: limiter, logger: logger, checkToken: checkToken)
    }

    /// A proxy over `providers`; the configuration's own are not made.
    public init(
        configuration: LLMProxyConfiguration, providers: [any ChatProvider], limiter: any RateLimiter, logger: Logger,
        checkToken: @escaping @Sendable (_ token: String) async throws -> Principal
    ) throws {
        let router = try ModelRouter(providers, created: Timestamp.now().secondsSinceEpoch)
        handler = LLMProxyHandler(
            router: router, answerSizeLimit: configuration.maximumAnswerBytes,
            limit: CompletionLimit(perMinute: configuration.completionsPerMinute, limiter: limiter, logger: logger))
        security = BearerTokenSecurity(checkToken: checkToken)
        self.logger = logger
    }

    /// The models it offers.
    public var models: [Schemas.Model] { handler.router.models }

    /// Everything it answers.
    public func makeRouter() -> APIRouter { APIRouter(routes: Server(handler: handler, security: security).routes, logger: logger) }
}

/// Access tokens with the scopes that an operation asks for.
struct BearerTokenSecurity: LLMProxyAPI.SecurityHandler {
    let checkToken: @Sendable (_ token: String) async throws -> Principal

    func bearerAuth(_ token: String, scopes: [String], context: CallContext) async throws -> Principal {
        let principal = try await checkToken(token)
        try principal.requireScopes(scopes)
        return principal
    }
}
