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
        var query: [String: [String]] = [:]
        if location == .query, let text = request.query, let pairs = FormURLEncoded.parse(ArraySlice([UInt8](text.utf8))) {
            query = Dictionary(grouping: pairs, by: \.name).mapValues { $0.map(\.value) }
        }
        let texts = parameterTexts(name, in: location, of: request, query: query)
        return texts.count == 1 ? texts[0] : nil
    }

    /// What follows the scheme in `Authorization` (RFC 9110 §11.4). Two such fields are none: which would count?
    private static func credentials(_ scheme: String, in request: ServerRequest) -> String? {
        let fields = request.head.headerFields[values: .authorization]
        guard fields.count == 1, let space = fields[0].firstIndex(of: " "), fields[0][..<space].lowercased() == scheme else { return nil }
        return String(fields[0][space...].drop { $0 == " " })
    }

    /// The principal of the first alternative that gives one; an alternative gives nil when its credential is absent.
    ///
    /// Otherwise throws the first failure among the alternatives, or `unauthenticated` with `challenges` in `WWW-Authenticate`.
    public static func authenticate(
        _ alternatives: [@Sendable () async throws -> Principal?], challenges: [String]
    ) async throws -> Principal {
        if let principal = try await authenticateOptionally(alternatives) { return principal }
        var failure = RequestFailure(.unauthenticated, detail: "The request carries no credentials.")
        for challenge in challenges { failure.headerFields.append(HTTPField(name: .wwwAuthenticate, value: challenge)) }
        throw failure
    }

    /// The same where anonymous calls are allowed: nil when there is no credential at all. A bad one still throws.
    public static func authenticateOptionally(
        _ alternatives: [@Sendable () async throws -> Principal?]
    ) async throws -> Principal? {
        var failure: (any Error)?
        for alternative in alternatives {
            do {
                if let principal = try await alternative() { return principal }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return nil
    }
}
