/// Where each service is: those served here by their ports, the others by their URLs.
struct ServiceAddresses: Sendable {
    private let ports: [ServiceName: Int]
    private let urls: [ServiceName: String]
    /// The `iss` of tokens.
    let issuer: String

    init(settings: ServeSettings, reserved: [ServiceName: Int]) {
        ports = settings.ports.merging(reserved) { _, reserved in reserved }
        var urls: [ServiceName: String] = [:]
        for service in ServiceName.allCases {
            urls[service] = settings.urls[service] ?? Self.url(host: settings.host, port: ports[service] ?? service.defaultPort)
        }
        self.urls = urls
        issuer = settings.issuer ?? urls[.auth] ?? ""
    }

    /// Where this machine reaches what listens at a host's port.
    static func url(host: String, port: Int) -> String {
        // Listening on every address is no address to call.
        let host = ["0.0.0.0", "::", ""].contains(host) ? "127.0.0.1" : host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    func port(of service: ServiceName) -> Int { ports[service] ?? service.defaultPort }

    func url(of service: ServiceName) -> String { urls[service] ?? "" }
}
