internal import HTTPTypes
public import Logging

/// What surrounds one call.
public struct CallContext: Sendable {
    /// Names the request in the log, in problems and in `X-Request-ID`.
    public let requestID: String
    /// The operation, or channel, of the specification.
    public let operationID: String
    /// Without what the call adds to it.
    let plainLogger: Logger
    /// The request; its body belongs to the generated route.
    public let request: ServerRequest

    /// Of the media types that the operation answers with, the one that the request's `Accept` wants most (RFC 9110 §12.5.1); the first
    /// when it says nothing, nil for an operation without bodies. A handler may answer with any that is declared.
    public internal(set) var preferredMediaType: String?

    /// Carries `request_id` and `operation`; made when it is asked for, since most calls log nothing.
    public var logger: Logger {
        var logger = plainLogger
        logger[metadataKey: "request_id"] = "\(requestID)"
        logger[metadataKey: "operation"] = "\(operationID)"
        return logger
    }

    /// The peer's address as the transport knows it.
    public var remoteAddress: String? { request.remoteAddress }

    public init(requestID: String, operationID: String, logger: Logger, request: ServerRequest) {
        self.requestID = requestID
        self.operationID = operationID
        plainLogger = logger
        var request = request
        request.body = .none
        self.request = request
    }
}

/// Who makes a call, as a security handler found.
public struct Principal: Sendable, Equatable, CustomStringConvertible {
    /// The user's, or the client's own, identifier.
    public var subject: String
    public var clientID: String?
    public var scopes: Set<String>
    /// When the credential ends.
    public var expiresAt: Timestamp?
    /// The credential itself, to be passed on in the caller's name. Never to be logged: ``description`` leaves it out.
    public var token: String

    public init(subject: String, clientID: String? = nil, scopes: Set<String> = [], expiresAt: Timestamp? = nil, token: String = "") {
        self.subject = subject
        self.clientID = clientID
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.token = token
    }

    public var description: String { "Principal(\(subject), client: \(clientID ?? "none"), scopes: \(scopes.sorted()))" }

    /// Throws ``RequestFailure`` `forbidden`, with the `insufficient_scope` challenge of RFC 6750 §3.1, when one of `scopes` is missing.
    public func requireScopes(_ scopes: [String]) throws(RequestFailure) {
        let missing = scopes.filter { !self.scopes.contains($0) }
        guard !missing.isEmpty else { return }
        var failure = RequestFailure(.forbidden, detail: "The token lacks the scope \(missing.joined(separator: " ")).")
        failure.headerFields[.wwwAuthenticate] = "Bearer error=\"insufficient_scope\", scope=\"\(scopes.joined(separator: " "))\""
        throw failure
    }
}

extension Principal: CustomReflectable {
    /// Without the token.
    public var customMirror: Mirror {
        Mirror(self, children: ["subject": subject, "clientID": clientID ?? "", "scopes": scopes.sorted()])
    }
}
