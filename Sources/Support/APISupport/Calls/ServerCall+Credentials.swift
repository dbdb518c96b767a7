internal import HTTPTypes

extension ServerCall {
    /// The bearer token of the `Authorization` field (RFC 6750 §2.1); nil when the request has none.
    public static func bearer(in request: ServerRequest) -> String? {
        credentials("bearer", in: request).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// User name and password of the `Authorization` field (RFC 7617 §2); nil when the request has none, or they are not readable.
    public static func basic(in request: ServerRequest) -> (username: String, password: String)? {
        guard let encoded = credentials("basic", in: request), let bytes = Base64.decode(encoded), UTF8Check.isValid(bytes),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return (String(decoding: bytes[..<colon], as: UTF8.self), String(decoding: bytes[(colon + 1)...], as: UTF8.self))
    }

    /// An API key; nil when the request has none, or more than one.
    public static func apiKey(_ name: String, in location: ParameterLocation, of request: ServerRequest) -> String? {
        let source = ParameterSource(request)
        let texts = source.texts(name, in: location, style: location == .cookie ? .cookie : nil).map(\.decoded)
        guard texts.count == 1 else { return nil }
        return location == .header && WebSocketSubprotocol.isField(name) ? WebSocketSubprotocol.token(texts[0]) : texts[0]
    }

    /// What follows the name of an authentication scheme, such as `Digest`, in the `Authorization` field (RFC 9110 §11.6.2); nil when the
    /// request has no such credentials.
    public static func http(_ scheme: StaticString, in request: ServerRequest) -> String? {
        credentials(scheme.description.lowercased(), in: request).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What follows the scheme in `Authorization` (RFC 9110 §11.4). Two such fields are none: which would count?
    private static func credentials(_ scheme: String, in request: ServerRequest) -> String? {
        let fields = request.head.headerFields[values: .authorization]
        guard fields.count == 1, let space = fields[0].firstIndex(of: " "), fields[0][..<space].lowercased() == scheme else { return nil }
        return String(fields[0][space...].drop { $0 == " " })
    }

    /// The principal of the first alternative that gives one; an alternative gives nil when its credential is absent.
    ///
    /// Otherwise throws the first failure among the alternatives, or `unauthenticated`. A failure `unauthenticated` has `challenges` in
    /// `WWW-Authenticate` (RFC 9110 §11.6.1) unless it brings challenges of its own.
    public static func authenticate<P: Sendable>(
        _ alternatives: [@Sendable () async throws -> P?], challenges: [String]
    ) async throws -> P {
        if let principal = try await authenticateOptionally(alternatives, challenges: challenges) { return principal }
        throw challenged(RequestFailure(.unauthenticated, detail: "The request carries no credentials."), challenges)
    }

    /// The same where anonymous calls are allowed: nil when there is no credential at all. A bad one still throws.
    public static func authenticateOptionally<P: Sendable>(
        _ alternatives: [@Sendable () async throws -> P?], challenges: [String] = []
    ) async throws -> P? {
        var failure: (any Error)?
        for alternative in alternatives {
            do {
                if let principal = try await alternative() { return principal }
            } catch {
                failure = failure ?? error
            }
        }
        guard let failure else { return nil }
        guard let rejection = failure as? RequestFailure else { throw failure }
        guard rejection.code == .unauthenticated else { throw rejection.ofRequest }
        // RFC 6750 §3.1: a token was there, and it is the token that is wrong. With other schemes beside it, which one was is not known.
        let isBearer = challenges.count == 1 && challenges[0].hasPrefix("Bearer ")
        throw challenged(rejection, isBearer ? [challenges[0] + ", error=\"invalid_token\""] : challenges)
    }

    private static func challenged(_ failure: RequestFailure, _ challenges: [String]) -> RequestFailure {
        var failure = failure.ofRequest
        guard failure.headerFields[.wwwAuthenticate] == nil else { return failure }
        for challenge in challenges { failure.headerFields.append(HTTPField(name: .wwwAuthenticate, value: challenge)) }
        return failure
    }
}
