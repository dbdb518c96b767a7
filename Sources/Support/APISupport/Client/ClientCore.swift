internal import HTTPTypes

/// What every generated client has: a server, a transport, credentials.
public struct ClientCore: Sendable {
    private let base: ClientBase
    private let transport: any ClientTransport

    public init(serverURL: String, transport: any ClientTransport, credentials: (any CredentialProvider)?) {
        base = ClientBase(serverURL: serverURL, credentials: credentials)
        self.transport = transport
    }

    /// Sends the call with the first alternative of `security` for which all credentials are there; without any when there is none.
    public func send(_ call: ClientCall, security: [[CredentialUse]]) async throws -> ClientReply {
        let request = try await base.request(call, security: security)
        return ClientReply(operationID: call.operationID, response: try await transport.send(request))
    }
}

/// What every generated channel client has.
public struct ChannelCore: Sendable {
    private let base: ClientBase
    private let transport: any WebSocketClientTransport

    public init(serverURL: String, transport: any WebSocketClientTransport, credentials: (any CredentialProvider)?) {
        base = ClientBase(serverURL: serverURL, credentials: credentials)
        self.transport = transport
    }

    /// Connects, runs `body` on the connection, and closes it.
    public func connect<R>(
        _ call: ClientCall, security: [[CredentialUse]], _ body: (any MessageTransport) async throws -> R
    ) async throws -> R {
        try await transport.connect(try await base.request(call, security: security), body)
    }
}

/// Puts server and credentials to a call.
private struct ClientBase: Sendable {
    let serverURL: String
    let credentials: (any CredentialProvider)?

    func request(_ call: ClientCall, security: [[CredentialUse]]) async throws -> ClientRequest {
        guard let server = ServerURL(serverURL) else {
            throw ClientError(operationID: call.operationID, status: 0, code: .invalidServerURL, detail: "not a server's URL")
        }
        var call = call
        for (use, credential) in try await credentials(for: security) { use.apply(credential, to: &call) }
        return call.request(to: server)
    }

    private func credentials(for security: [[CredentialUse]]) async throws -> [(CredentialUse, String)] {
        guard let credentials else { return [] }
        for alternative in security {
            var found: [(CredentialUse, String)] = []
            for use in alternative {
                if let credential = try await credentials.credential(scheme: use.scheme) { found.append((use, credential)) }
            }
            if found.count == alternative.count { return found }
        }
        return []
    }
}
