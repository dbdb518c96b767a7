public import APISupport

/// What other modules see of the generated code: nothing but this.
public struct Things: Sendable {
    private let client: Client

    public init(transport: any ClientTransport) {
        client = Client(server: Servers.server(stage: .test), transport: transport)
    }

    @available(*, deprecated)
    public func count() async throws -> Int { try await client.listThings().ok.count }
}
