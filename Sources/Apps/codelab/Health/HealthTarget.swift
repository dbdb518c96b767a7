/// Where a service is asked for its health.
struct HealthTarget: Sendable {
    /// For messages.
    let name: String
    /// A URL without a path.
    let address: String

    /// - Parameter text: A service, an address, or nil for every service of this machine.
    static func list(_ text: String?, _ sources: ConfigurationSources) throws -> [HealthTarget] {
        guard let text else { return try ServiceName.allCases.map { try HealthTarget($0, sources) } }
        if let service = ServiceName(rawValue: text) { return [try HealthTarget(service, sources)] }
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
            let names = ServiceName.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError(
                "there is no service '\(text.prefix(60))'; there are \(names), and addresses that begin with http:// or https://")
        }
        let address = text.hasSuffix("/") ? String(text.dropLast()) : text
        return [HealthTarget(name: address, address: address)]
    }

    private init(name: String, address: String) {
        self.name = name
        self.address = address
    }

    /// Where `serve` with the same settings would listen.
    private init(_ service: ServiceName, _ sources: ConfigurationSources) throws {
        let setting = Setting.port(of: service)
        let port = try sources.port(setting) ?? service.defaultPort
        guard port != 0 else {
            throw ConfigurationError("\(setting.variable) is 0, any free port: name the address, as in http://127.0.0.1:9000")
        }
        self.init(name: service.rawValue, address: ServiceAddresses.url(host: sources.text(.host) ?? "127.0.0.1", port: port))
    }
}
