public import APISupport
public import Coordination
import GatewayAPI
public import Logging
public import RuntimeAPI

/// The gateway: REST and the WebSocket of `specs/gateway` over the runtime.
public struct GatewayService: Sendable {
    private let handler: GatewayHandler
    private let channel: SessionChannel
    private let security: GatewaySecurity
    private let limiting: CallLimiting
    private let logger: Logger

    /// `runtime` has the gateway's own credentials; the user is told in each call. `checkToken` gives an access token's principal; it throws
    /// `RequestFailure` `unauthenticated` for a token that is not valid, and leaves the scopes to the gateway. `limiter` counts what each user asks for,
    /// for all replicas. By `clock` tokens expire on connections that are open.
    public init(
        configuration: GatewayConfiguration, runtime: RuntimeAPI.Client, limiter: any RateLimiter,
        clock: any GatewayClock = SystemGatewayClock(), logger: Logger,
        checkToken: @escaping @Sendable (_ token: String) async throws -> Principal
    ) {
        let calls = RuntimeCalls(client: runtime, timeout: configuration.runtimeTimeout)
        handler = GatewayHandler(runtime: calls)
        let limits = GatewayLimits(configuration, limiter: limiter, logger: logger)
        let anonymous = configuration.allowsAnonymous ? AnonymousAccess() : nil
        let callers = Callers(checkToken: checkToken, anonymous: anonymous, trustedProxies: configuration.trustedProxies)
        channel = SessionChannel(runtime: calls, configuration: configuration, limits: limits, callers: callers, clock: clock)
        security = GatewaySecurity(checkToken: checkToken, anonymous: anonymous)
        limiting = CallLimiting(limits: limits, callers: callers)
        self.logger = logger
    }

    /// Everything it answers, the WebSocket included.
    public func makeRouter() -> APIRouter {
        let routes = Server(handler: handler, security: security).routes.with(limiting)
        let channels = ChannelServer(handler: channel, security: security).routes.map(limiting.limiting)
        guard let anonymous = security.anonymous else { return APIRouter(routes: routes, webSockets: channels, logger: logger) }
        return APIRouter(routes: routes.map(anonymous.admitting), webSockets: channels.map(anonymous.admitting), logger: logger)
    }
}
