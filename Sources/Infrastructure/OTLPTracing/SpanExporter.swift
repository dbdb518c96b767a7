public import APISupport
internal import HTTPTypes
public import Logging
internal import OTLPAPI
public import ServiceLifecycle

/// Sends what ``tracer`` records to a collector, once a second.
///
/// What the collector cannot take now is tried again for a while; meanwhile so many spans wait as there is room for. Nothing waits for the collector
/// but this.
public final class SpanExporter: Service {
    /// To be given to `InstrumentationSystem`.
    public let tracer: OTLPTracer

    private let configuration: TracingConfiguration
    private let client: OTLPAPI.Client
    private let queue: SpanQueue
    private let period: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - transport: Must not be traced itself.
    ///   - capacity: Spans that may wait; further ones are dropped.
    public init(
        _ configuration: TracingConfiguration, transport: any ClientTransport, capacity: Int = 8192, period: Duration = .seconds(1),
        logger: Logger
    ) {
        self.configuration = configuration
        self.period = period
        self.logger = logger
        queue = SpanQueue(capacity: capacity)
        tracer = OTLPTracer(sampler: configuration.sampler, queue: queue)
        client = OTLPAPI.Client(
            serverURL: configuration.endpoint,
            transport: MiddlewareTransport(transport, middlewares: [FieldsMiddleware(fields: configuration.headers)]))
    }

    /// Until graceful shutdown, which cuts short what waits, but nothing that is being sent; then what has ended by that time is sent, if the collector
    /// takes it at once.
    public func run() async throws {
        while !isStopping {
            await pause(for: period)
            await export()
        }
        await export()
    }

    private var isStopping: Bool { Task.isCancelled || Task.isShuttingDownGracefully }

    private func pause(for duration: Duration) async {
        await cancelWhenGracefulShutdown {
            do { try await Task.sleep(for: duration) } catch { return }
        }
    }

    // MARK: Sending

    /// How often the same spans are sent, with pauses of 1, 2 and 4 s in between.
    private static let attempts = 4
    /// Spans of one request.
    private static let batch = 512

    private func export() async {
        let (spans, dropped) = queue.take()
        if dropped > 0 { logger.warning("Spans were dropped: too many waited to be exported", metadata: ["spans": "\(dropped)"]) }
        var rest = spans[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.batch)
            rest = rest.dropFirst(batch.count)
            await send(OTLPMessage.request(Array(batch), of: configuration.resource), count: batch.count)
        }
    }

    private func send(_ request: Schemas.ExportTraceServiceRequest, count: Int) async {
        for attempt in 1...Self.attempts {
            do {
                try await withTimeout { try await self.send(request) }
                return
            } catch let refusal as Refusal {
                logger.warning(
                    "The collector refused spans",
                    metadata: ["spans": "\(count)", "status": "\(refusal.status)", "message": "\(refusal.message)"])
                return
            } catch {
                guard attempt < Self.attempts, !isStopping else {
                    logger.warning("Spans could not be exported", metadata: ["spans": "\(count)", "cause": "\(error)"])
                    return
                }
                await pause(for: (error as? Later)?.pause ?? .seconds(1 << (attempt - 1)))
            }
        }
    }

    private func send(_ request: Schemas.ExportTraceServiceRequest) async throws {
        switch try await client.exportTraces(.init(body: request)) {
        case .ok(let answer):
            guard let partial = answer.partialSuccess, let rejected = partial.rejectedSpans?.count, rejected > 0 else { return }
            logger.warning(
                "The collector did not take all spans", metadata: ["spans": "\(rejected)", "message": "\(partial.errorMessage ?? "")"])
        case .tooManyRequests(let later): throw Later(seconds: later.retryAfter)
        case .badGateway(let later): throw Later(seconds: later.retryAfter)
        case .serviceUnavailable(let later): throw Later(seconds: later.retryAfter)
        case .gatewayTimeout(let later): throw Later(seconds: later.retryAfter)
        case .default(let status, let error): throw Refusal(status: status, message: error.message ?? "")
        }
    }

    private func withTimeout(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(operation: body)
            group.addTask { [configuration] in
                try await Task.sleep(for: configuration.timeout)
                throw NoAnswer()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

/// The collector cannot take spans now.
private struct Later: Error {
    /// What it asks to wait, half a minute at most; nil: as we like.
    let pause: Duration?

    init(seconds: Int64?) { pause = seconds.map { .seconds(min($0, 30)) } }
}

/// The collector takes these spans never.
private struct Refusal: Error {
    let status: Int
    let message: String
}

/// The collector did not answer in time.
private struct NoAnswer: Error {}

/// Adds fields to every request.
private struct FieldsMiddleware: ClientMiddleware {
    let fields: [(name: String, value: String)]

    func send(
        _ request: ClientRequest, next: @Sendable (ClientRequest) async throws -> ClientResponse
    ) async throws -> ClientResponse {
        var request = request
        for (name, value) in fields {
            if let name = HTTPField.Name(name) { request.head.headerFields[name] = value }
        }
        return try await next(request)
    }
}

extension Schemas.ExportTracePartialSuccessRejectedSpans {
    fileprivate var count: Int64 {
        switch self {
        case .string(let text): Int64(text) ?? 0
        case .integer(let number): number
        }
    }
}
