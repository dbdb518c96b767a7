import APISupport
import Coordination
import GatewayAPI
import GatewayHandlers
import HTTPTypes
import Logging
import MemoryInfrastructure
import RuntimeAPI

/// A gateway in this process before a fake runtime, asked over its router as a server would.
struct GatewayFixture {
    let runtime = FakeRuntime()
    let router: APIRouter

    init(
        configuration: GatewayConfiguration = GatewayConfiguration(eventRetryDelays: [.zero, .zero]),
        transport: (any ClientTransport)? = nil, limiter: any RateLimiter = MemoryRateLimiter(),
        clock: any GatewayClock = SystemGatewayClock(), logger: Logger = .silent
    ) {
        let runtimeRouter = APIRouter(routes: RuntimeAPI.Server(handler: runtime, security: ServiceTokenSecurity()).routes, logger: .silent)
        let client = RuntimeAPI.Client(
            serverURL: "http://runtime.test", transport: transport ?? InProcessTransport(router: runtimeRouter),
            credentials: BearerCredentialProvider(token: "service-token"))
        let service = GatewayService(
            configuration: configuration, runtime: client, limiter: limiter, clock: clock, logger: logger, checkToken: Self.principal)
        router = service.makeRouter()
    }

    /// When the token `expiring` ends.
    static let expiry = Timestamp(secondsSinceEpoch: 4_000_000_000)

    /// The token is the user's name; some names are special.
    @Sendable private static func principal(_ token: String) throws -> Principal {
        switch token {
        case "alice", "bob": return Principal(subject: token, scopes: ["api:read", "api:write"])
        case "expiring": return Principal(subject: "alice", scopes: ["api:read", "api:write"], expiresAt: expiry)
        case "reader": return Principal(subject: "alice", scopes: ["api:read"])
        default: throw RequestFailure(.unauthenticated, detail: "The token has expired.")
        }
    }

    private func request(_ method: HTTPRequest.Method, _ path: String, token: String?, forwardedFor: String? = nil) -> HTTPRequest {
        var head = HTTPRequest(method: method, scheme: "http", authority: "gateway.test", path: path)
        if let token { head.headerFields[.authorization] = "Bearer \(token)" }
        head.headerFields[HTTPField.Name("X-Forwarded-For")!] = forwardedFor
        return head
    }

    /// A REST request below `/api/v1`. `token` nil: none.
    func send(
        _ method: HTTPRequest.Method, _ path: String, token: String? = "alice", _ body: String? = nil, from address: String? = nil,
        forwardedFor: String? = nil
    ) async throws -> Answer {
        var head = request(method, "/api/v1" + path, token: token, forwardedFor: forwardedFor)
        if body != nil { head.headerFields[.contentType] = "application/json" }
        let response = await router.respond(
            to: ServerRequest(head: head, body: RequestBody(Array((body ?? "").utf8)), remoteAddress: address))
        guard case .bytes(let bytes) = response.body else { return Answer(head: response.head, bytes: []) }
        return Answer(head: response.head, bytes: bytes)
    }

    /// Connects to a session, runs `body` on the client's side, and disconnects. Throws ``UpgradeRefused``.
    func connect(
        _ session: String, query: String = "", token: String? = "alice", gate: Gate? = nil, from address: String? = nil,
        _ body: (FakeSocket) async throws -> Void
    ) async throws {
        let head = request(.get, "/api/v1/ws/\(session)\(query)", token: token)
        switch await router.upgrade(for: ServerRequest(head: head, remoteAddress: address)) {
        case .reject(let response):
            throw UpgradeRefused(status: response.head.status.code, retryAfter: response.head.headerFields[.retryAfter])
        case .accept(let run):
            let socket = FakeSocket(gate: gate)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await run(socket) }
                defer { group.cancelAll() }
                try await body(socket)
                socket.disconnect()
                try await group.waitForAll()
            }
        }
    }
}

struct UpgradeRefused: Error, Equatable {
    var status: Int
    var retryAfter: String?
}

struct Answer {
    let head: HTTPResponse
    let bytes: [UInt8]

    var status: Int { head.status.code }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func decode<T: JSONReadable>(_ type: T.Type = T.self) throws -> T { try JSONReader.decode(T.self, from: bytes) }

    var problem: Problem { get throws { try decode() } }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
