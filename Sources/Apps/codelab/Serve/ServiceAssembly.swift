import Logging

/// Makes each service from its handlers, its storage, what it shares with others and the calls to them: the one place where the parts meet.
struct ServiceAssembly: Sendable {
    let settings: ServeSettings
    let addresses: ServiceAddresses
    let storage: Storage
    let coordination: CoordinationPorts
    let secrets: [String]
    let calls: ServiceCalls

    /// - Returns: The service; nothing has been asked of a database or of another service yet.
    func make(_ name: ServiceName) throws -> ServedService {
        let logger = Logger(label: name.rawValue)
        switch name {
        case .auth: return try makeAuth(logger)
        case .gateway: return try makeGateway(logger)
        case .runtime: return try makeRuntime(logger)
        case .llmProxy: return try makeLLMProxy(logger)
        case .website: return try makeWebsite(logger)
        }
    }
}
