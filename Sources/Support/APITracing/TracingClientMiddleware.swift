public import APISupport
internal import HTTPTypes
internal import Tracing

/// Records each call as a span, and tells its server which trace it belongs to (opentelemetry.io/docs/specs/semconv/http/http-spans, client).
///
/// A span ends with the last byte of the answer.
public struct TracingClientMiddleware: ClientMiddleware {
    public init() {}

    public func send(
        _ request: ClientRequest, next: @Sendable (ClientRequest) async throws -> ClientResponse
    ) async throws -> ClientResponse {
        let span = startSpan("\(request.head.method.rawValue) \(request.operationID)", ofKind: .client)
        var request = request
        InstrumentationSystem.instrument.inject(span.context, into: &request.head.headerFields, using: FieldsInjector())
        span.updateAttributes { attributes in
            attributes["http.request.method"] = request.head.method.rawValue
            (attributes["server.address"], attributes["server.port"]) = Self.server(request.head)
        }
        do {
            let outgoing = request
            var response = try await ServiceContext.withValue(span.context) { try await next(outgoing) }
            let status = response.head.status.code
            span.attributes["http.response.status_code"] = status
            if status >= 400 {
                span.attributes["error.type"] = String(status)
                span.setStatus(SpanStatus(code: .error))
            }
            response.body = response.body.atEnd { span.end() }
            return response
        } catch {
            span.attributes["error.type"] = error is CancellationError ? "cancelled" : "\(type(of: error))"
            span.setStatus(SpanStatus(code: .error))
            span.end()
            throw error
        }
    }

    private static func server(_ head: HTTPRequest) -> (address: String, port: Int) {
        let authority = head.authority ?? ""
        let standard = head.scheme == "https" ? 443 : 80
        guard let colon = authority.lastIndex(of: ":"), let port = Int(authority[authority.index(after: colon)...]) else {
            return (authority, standard)
        }
        return (String(authority[..<colon]), port)
    }
}

private struct FieldsInjector: Injector {
    func inject(_ value: String, forKey key: String, into fields: inout HTTPFields) {
        if let name = HTTPField.Name(key) { fields[name] = value }
    }
}
