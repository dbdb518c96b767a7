extension MessageConnection {
    /// Runs `body` on a connection whose requests and replies are matched, and reads it meanwhile.
    ///
    /// Ends when `body` does; throws what reading threw when that ended first.
    public nonisolated(nonsending) static func exchange<R>(
        _ transport: any MessageTransport, rules: ExchangeRules<Incoming, Outgoing>, limits: ExchangeLimits,
        _ body: nonisolated(nonsending) (Self) async throws -> R
    ) async throws -> R {
        let exchange = Exchange(transport: transport, rules: rules, limits: limits)
        var result: Result<R, any Error>?
        var failure: (any Error)?
        await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                do {
                    try await exchange.run()
                    return nil
                } catch {
                    return error
                }
            }
            do {
                result = .success(try await body(Self(transport: transport, exchange: exchange)))
            } catch {
                result = .failure(error)
            }
            group.cancelAll()
            for await ended in group { failure = failure ?? ended }
        }
        // An answer that failed is the cause; that the body lost its connection, or was content with its end, is what follows.
        if let failure, !(failure is CancellationError), !(failure is WebSocketClosed) { throw failure }
        guard let result else { throw CancellationError() }
        return try result.get()
    }

    /// Sends a request and waits for its reply.
    ///
    /// Throws ``RequestError`` when none comes in time (`timeout`; nil: that of the connection's limits), when it is not what the document
    /// describes, or when the message's correlation id is in use; `WebSocketClosed` when the connection ends first. Cancelling the task
    /// ends the wait; a reply that comes later is one of the messages in ``incoming``.
    public func request<Reply: Sendable>(
        _ operationID: String, _ message: Outgoing, correlation: CorrelationRule?, timeout: Duration?,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> Reply?
    ) async throws -> Reply {
        guard let exchange else { throw RequestError(operationID: operationID, code: .noReplies) }
        let bytes = try await exchange.request(operationID, message, correlation: correlation, timeout: timeout)
        return try RequestError.decode(bytes, operationID: operationID, read)
    }
}

extension RequestError {
    /// Runs `read`; what is wrong with the reply is an error of the request.
    public static func reply<Reply>(_ operationID: String, _ read: () async throws -> Reply) async throws -> Reply {
        do {
            return try await read()
        } catch let failure as RequestFailure {
            throw RequestError(operationID: operationID, code: .invalidReply, violations: failure.violations)
        }
    }

    /// The reply in `bytes`.
    static func decode<Reply: Sendable>(
        _ bytes: [UInt8], operationID: String, _ read: (inout JSONReader) throws(JSONSyntaxError) -> Reply?
    ) throws -> Reply {
        var validation = Validation()
        do throws(RequestFailure) {
            let reply = try JSONReader.decode(from: bytes, into: &validation, read)
            if let reply, validation.isSatisfied { return reply }
        } catch {
            throw RequestError(operationID: operationID, code: .invalidReply)
        }
        throw RequestError(operationID: operationID, code: .invalidReply, violations: validation.violations)
    }
}

extension JSONReader {
    /// Whether a text is what `read` reads, without a violation.
    public static func reads<Value>(_ bytes: [UInt8], _ read: (inout JSONReader) throws(JSONSyntaxError) -> Value?) -> Bool {
        var validation = Validation()
        do throws(RequestFailure) {
            let value = try decode(from: bytes, into: &validation, read)
            return value != nil && validation.isSatisfied
        } catch {
            return false
        }
    }
}
