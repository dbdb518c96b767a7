/// Where each service is: those served here by their ports, the others by their URLs.
struct ServiceAddresses: Sendable {
    private let ports: [ServiceName: Int]
    private let urls: [ServiceName: String]
    /// The `iss` of tokens.
    let issuer: String

    init(settings: ServeSettings, reserved: [ServiceName: Int]) {
        ports = settings.ports.merging(reserved) { _, reserved in reserved }
        // Listening on every address is no address to call.
        let host = ["0.0.0.0", "::", ""].contains(settings.host) ? "127.0.0.1" : settings.host
        let authority = host.contains(":") ? "[\(host)]" : host
        var urls: [ServiceName: String] = [:]
        for service in ServiceName.allCases {
            urls[service] = settings.urls[service] ?? "http://\(authority):\(ports[service] ?? service.defaultPort)"
        }
        self.urls = urls
        issuer = settings.issuer ?? urls[.auth] ?? ""
    }

    func port(of service: ServiceName) -> Int { ports[service] ?? service.defaultPort }

    func url(of service: ServiceName) -> String { urls[service] ?? "" }
}
