import APIHummingbird
import ServiceLifecycle

/// A service of the group: prepared while the pools that it needs run, then served. A failure says which one it is.
struct ServicePart: Service {
    let name: ServiceName
    let address: String
    /// What comes before the first request.
    let prepare: @Sendable () async throws -> Void
    let server: APIServer

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await prepare() }
        } catch {
            if Task.isShuttingDownGracefully || error is CancellationError { return }
            throw ConfigurationError("\(name.rawValue) cannot start: \(error)")
        }
        do {
            try await server.run()
        } catch let error where !(error is CancellationError) {
            throw ConfigurationError("\(name.rawValue) cannot be served at \(address): \(error)")
        }
    }
}
