internal import HTTPTypes

/// What every generated client has: a server, a transport, credentials.
public struct ClientCore: Sendable {
    private let base: ClientBase
    private let transport: any ClientTransport

    public init(serverURL: String, transport: any ClientTransport, credentials: (any CredentialProvider)?) {
        base = ClientBase(serverURL: serverURL, credentials: credentials)
        self.transport = transport
    }

    /// A core whose server's path stands in place of `path`, with which the operations' templates begin.
    public init(
        server: ServerLocation, replacing path: StaticString, transport: any ClientTransport, credentials: (any CredentialProvider)?
    ) {
        base = ClientBase(serverURL: server.url, credentials: credentials, replaced: path.description)
        self.transport = transport
    }

    /// Sends the call with the first alternative of `security` for which all credentials are there; without any when there is none.
    public func send(_ call: ClientCall, security: [[CredentialUse]]) async throws -> ClientReply {
        let request = try await base.request(call, security: security)
        return ClientReply(operationID: call.operationID, response: try await transport.send(request))
    }

    /// The same to a server that the operation has for itself: scheme and authority.
    public func send(_ call: ClientCall, security: [[CredentialUse]], server: String) async throws -> ClientReply {
        let request = try await ClientBase(serverURL: server, credentials: base.credentials).request(call, security: security)
        return ClientReply(operationID: call.operationID, response: try await transport.send(request))
    }

    /// The same to a URL: of a receiver of webhooks or callbacks.
    public func send(_ call: ClientCall, security: [[CredentialUse]], to url: String) async throws -> ClientReply {
        guard let request = try await base.authorized(call, security: security).request(toURL: url) else {
            throw ClientError(operationID: call.operationID, status: 0, code: .invalidServerURL, detail: "not an http or https URL")
        }
        return ClientReply(operationID: call.operationID, response: try await transport.send(request))
    }
}

/// What every generated channel client has.
public struct ChannelCore: Sendable {
    private let base: ClientBase
    private let transport: any WebSocketClientTransport
    /// Whether the server's path stands in place of the one in front of the channels' addresses.
    private let replacesPath: Bool

    public init(serverURL: String, transport: any WebSocketClientTransport, credentials: (any CredentialProvider)?) {
        base = ClientBase(serverURL: serverURL, credentials: credentials)
        self.transport = transport
        replacesPath = false
    }

    /// A core whose server's path stands in place of that of the document's server, with which the channels' addresses begin.
    public init(server: ServerLocation, transport: any WebSocketClientTransport, credentials: (any CredentialProvider)?) {
        base = ClientBase(serverURL: server.url, credentials: credentials)
        self.transport = transport
        replacesPath = true
    }

    /// Connects, runs `body` on the connection where the caller runs, and closes it.
    /// - Parameter path: What the call's template begins with that is the path of the document's server.
    public nonisolated(nonsending) func connect<R>(
        _ call: ClientCall, behind path: StaticString = "", security: [[CredentialUse]],
        _ body: nonisolated(nonsending) (any MessageTransport) async throws -> R
    ) async throws -> R {
        var base = base
        if replacesPath { base.replaced = path.description }
        return try await transport.connect(try await base.request(call, security: security), body)
    }
}

/// Puts server and credentials to a call.
private struct ClientBase: Sendable {
    let serverURL: String
    let credentials: (any CredentialProvider)?
    /// What the server's path stands in place of.
    var replaced = ""

    func request(_ call: ClientCall, security: [[CredentialUse]]) async throws -> ClientRequest {
        guard let server = ServerURL(serverURL) else {
            throw ClientError(operationID: call.operationID, status: 0, code: .invalidServerURL, detail: "not a server's URL")
        }
        return try await authorized(call, security: security).request(to: server, replacing: replaced)
    }

    func authorized(_ call: ClientCall, security: [[CredentialUse]]) async throws -> ClientCall {
        var call = call
        for (use, credential) in try await credentials(for: security) { use.apply(credential, to: &call) }
        return call
    }

    private func credentials(for security: [[CredentialUse]]) async throws -> [(CredentialUse, String)] {
        guard let credentials else { return [] }
        for alternative in security {
            var found: [(CredentialUse, String)] = []
            for use in alternative {
                guard let scheme = use.scheme else {
                    found.append((use, ""))
                    continue
                }
                if let credential = try await credentials.credential(scheme: scheme) { found.append((use, credential)) }
            }
            if found.count == alternative.count { return found }
        }
        return []
    }
}
