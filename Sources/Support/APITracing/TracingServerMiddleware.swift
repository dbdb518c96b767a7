public import APISupport
internal import HTTPTypes
internal import Tracing

/// Records each request as a span, of the trace that its caller is in (opentelemetry.io/docs/specs/semconv/http/http-spans, server).
///
/// A span ends with the last byte of its answer.
public struct TracingServerMiddleware: ServerMiddleware {
    private let route: String
    private let name: String

    public init(_ route: APIRoute) {
        self.route = route.path
        name = "\(route.method.rawValue) \(route.path)"
    }

    public func respond(
        to request: ServerRequest, context: CallContext, next: @Sendable (ServerRequest, CallContext) async -> ServerResponse
    ) async -> ServerResponse {
        var caller = ServiceContext.topLevel
        InstrumentationSystem.instrument.extract(request.head.headerFields, into: &caller, using: FieldsExtractor())
        let span = startSpan(name, context: caller, ofKind: .server)
        span.updateAttributes { attributes in
            attributes["http.request.method"] = request.head.method.rawValue
            attributes["http.route"] = route
            attributes["codelab.request.id"] = context.requestID
        }
        var response = await ServiceContext.withValue(span.context) { await next(request, context) }
        let status = response.head.status.code
        span.attributes["http.response.status_code"] = status
        if status >= 500 {
            span.attributes["error.type"] = String(status)
            span.setStatus(SpanStatus(code: .error))
        }
        guard case .stream(let stream) = response.body else {
            span.end()
            return response
        }
        response.body = .stream(stream.atEnd { span.end() })
        return response
    }
}

private struct FieldsExtractor: Extractor {
    func extract(key: String, from fields: HTTPFields) -> String? { HTTPField.Name(key).flatMap { fields[$0] } }
}
