/// The services, by the names used on the command line, in logs and in the ports file.
enum ServiceName: String, Sendable, CaseIterable {
    case auth
    case gateway
    case runtime
    case llmProxy = "llm-proxy"

    var defaultPort: Int {
        switch self {
        case .auth: 8003
        case .gateway: 8000
        case .runtime: 8001
        case .llmProxy: 8002
        }
    }

    /// Those that keep something in a database.
    static let withTables: [ServiceName] = [.auth, .runtime]
}
