internal import Logging

/// What came in on a connection.
public enum ReceivedMessage<Incoming: Sendable>: Sendable {
    case message(Incoming)
    /// Not what the channel describes. The connection goes on: what to answer is the channel's own matter.
    case invalid(RequestFailure)
}

/// One open connection with typed messages both ways.
public struct MessageConnection<Incoming: JSONReadable, Outgoing: JSONWritable>: Sendable {
    private let transport: any MessageTransport

    public init(transport: any MessageTransport) { self.transport = transport }

    /// Messages as they come, to the end of the connection. One consumer; while it works, the peer is held back.
    public var incoming: IncomingMessages<Incoming> { IncomingMessages(transport: transport) }

    /// Sends a message; returns when the connection has taken it.
    public func send(_ message: Outgoing) async throws { try await transport.send(JSONWriter.encode(message)) }

    /// Closes the connection; `incoming` then ends.
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") async { await transport.close(code, reason: reason) }
}

/// See ``MessageConnection/incoming``.
public struct IncomingMessages<Incoming: JSONReadable>: AsyncSequence, Sendable {
    public typealias Element = ReceivedMessage<Incoming>

    fileprivate let transport: any MessageTransport

    public func makeAsyncIterator() -> Iterator { Iterator(transport: transport) }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let transport: any MessageTransport

        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> ReceivedMessage<Incoming>? {
            guard let bytes = try await transport.receive() else { return nil }
            do throws(RequestFailure) {
                return .message(try JSONReader.decode(Incoming.self, from: bytes))
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
        do {
            try await body(Self(transport: transport))
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
