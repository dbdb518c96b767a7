/// The services, by the names used on the command line, in logs and in the ports file.
enum ServiceName: String, Sendable, CaseIterable {
    case auth
    case gateway
    case runtime
    case llmProxy = "llm-proxy"
    case website

    var defaultPort: Int {
        switch self {
        case .auth: 8003
        case .gateway: 8000
        case .runtime: 8001
        case .llmProxy: 8002
        case .website: 8080
        }
    }

    /// What `serve all` runs. The website is for those who put one in front of a platform.
    static let platform: [ServiceName] = [.auth, .gateway, .runtime, .llmProxy]

    /// Those that keep something in a database.
    static let withTables: [ServiceName] = [.auth, .runtime]
}
