internal import Logging

/// What came in on a connection.
public enum ReceivedMessage<Incoming: Sendable>: Sendable {
    case message(Incoming)
    /// Not what the channel describes. The connection goes on: what to answer is the channel's own matter.
    case invalid(RequestFailure)
}

/// One open connection with typed messages both ways.
public struct MessageConnection<Incoming: JSONReadable, Outgoing: JSONWritable>: Sendable {
    let transport: any MessageTransport
    /// For channels whose document has requests with replies.
    let exchange: Exchange<Incoming, Outgoing>?

    public init(transport: any MessageTransport) {
        self.transport = transport
        exchange = nil
    }

    init(transport: any MessageTransport, exchange: Exchange<Incoming, Outgoing>) {
        self.transport = transport
        self.exchange = exchange
    }

    /// Messages as they come, to the end of the connection. One consumer; while it works, the peer is held back.
    ///
    /// On a channel with requests and replies these are the messages that are neither: see ``ExchangeLimits`` for how many may wait.
    public var incoming: IncomingMessages<Incoming, Outgoing> { IncomingMessages(connection: self) }

    /// Sends a message; returns when the connection has taken it.
    public func send(_ message: Outgoing) async throws { try await transport.send(MessageFrame.encode(message)) }

    /// Closes the connection; `incoming` then ends.
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") async { await transport.close(code, reason: reason) }

    /// Closes the connection with a code that the channel declares.
    public func close(_ code: some ChannelCloseCode, reason: String = "") async {
        await transport.close(WebSocketCloseCode(rawValue: code.rawValue), reason: reason)
    }
}

/// A close code that a channel declares (`x-close-codes`).
public protocol ChannelCloseCode: RawRepresentable, Sendable where RawValue == UInt16 {}

extension ChannelCloseCode {
    /// nil when the channel does not declare the code.
    public init?(_ code: WebSocketCloseCode) { self.init(rawValue: code.rawValue) }
}

/// See ``MessageConnection/incoming``.
public struct IncomingMessages<Incoming: JSONReadable, Outgoing: JSONWritable>: AsyncSequence, Sendable {
    public typealias Element = ReceivedMessage<Incoming>

    fileprivate let connection: MessageConnection<Incoming, Outgoing>

    public func makeAsyncIterator() -> Iterator { Iterator(connection: connection) }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let connection: MessageConnection<Incoming, Outgoing>

        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> ReceivedMessage<Incoming>? {
            if let exchange = connection.exchange { return try await exchange.next() }
            guard let bytes = try await connection.transport.receive() else { return nil }
            do throws(RequestFailure) {
                return .message(try MessageFrame.decode(Incoming.self, from: bytes))
            } catch {
                return .invalid(error)
            }
        }
    }
}

extension MessageConnection {
    /// Runs a handler on a connection, and closes it: normally when the handler returns; with `policyViolation` and the reason when it
    /// throws a client's failure; with `goingAway` when it is cancelled; with `internalError`, logged, for anything else.
    public static func serve(
        _ transport: any MessageTransport, context: CallContext, _ body: @Sendable (Self) async throws -> Void
    ) async {
        await serve(transport, context: context) { try await body(Self(transport: transport)) }
    }

    /// The same for a channel with requests and replies. What the answer to a request throws ends the connection as if the handler had.
    public static func serve(
        _ transport: any MessageTransport, rules: ExchangeRules<Incoming, Outgoing>, limits: ExchangeLimits, context: CallContext,
        _ body: @escaping @Sendable (Self) async throws -> Void
    ) async {
        await serve(transport, context: context) { try await exchange(transport, rules: rules, limits: limits, body) }
    }

    private static func serve(_ transport: any MessageTransport, context: CallContext, _ body: () async throws -> Void) async {
        do {
            try await body()
            await transport.close(.normal, reason: "")
        } catch let closed as WebSocketClosed {
            context.logger.debug("connection lost", metadata: ["closed": "\(closed)"])
        } catch is CancellationError {
            await transport.close(.goingAway, reason: "")
        } catch let failure as RequestFailure where failure.code.status < 500 {
            await transport.close(.policyViolation, reason: failure.detail)
        } catch {
            context.logger.error("channel handler failed", metadata: ["error": "\(error)"])
            await transport.close(.internalError, reason: "")
        }
    }
}
