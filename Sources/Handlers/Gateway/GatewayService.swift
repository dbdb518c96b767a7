public import APISupport
import GatewayAPI
public import Logging
public import RuntimeAPI

/// The gateway: REST and the WebSocket of `specs/gateway` over the runtime.
public struct GatewayService: Sendable {
    private let handler: GatewayHandler
    private let channel: SessionChannel
    private let security: GatewaySecurity
    private let logger: Logger

    /// `runtime` has the gateway's own credentials; the user is told in each call. `checkToken` gives an access token's principal; it throws
    /// `RequestFailure` `unauthenticated` for a token that is not valid, and leaves the scopes to the gateway. By `clock` tokens expire on
    /// connections that are open.
    public init(
        configuration: GatewayConfiguration, runtime: RuntimeAPI.Client, clock: any GatewayClock = SystemGatewayClock(), logger: Logger,
        checkToken: @escaping @Sendable (_ token: String) async throws -> Principal
    ) {
        let calls = RuntimeCalls(client: runtime, timeout: configuration.runtimeTimeout)
        handler = GatewayHandler(runtime: calls)
        channel = SessionChannel(runtime: calls, configuration: configuration, clock: clock)
        security = GatewaySecurity(checkToken: checkToken, anonymous: configuration.allowsAnonymous ? AnonymousAccess() : nil)
        self.logger = logger
    }

    /// Everything it answers, the WebSocket included.
    public func makeRouter() -> APIRouter {
        let routes = Server(handler: handler, security: security).routes
        let channels = ChannelServer(handler: channel, security: security).routes
        guard let anonymous = security.anonymous else { return APIRouter(routes: routes, webSockets: channels, logger: logger) }
        return APIRouter(routes: routes.map(anonymous.admitting), webSockets: channels.map(anonymous.admitting), logger: logger)
    }
}
