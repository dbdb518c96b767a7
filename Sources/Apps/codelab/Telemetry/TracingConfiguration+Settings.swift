import OTLPTracing

extension TracingConfiguration {
    /// nil: no collector is named, and nothing is traced.
    ///
    /// - Throws: ``ConfigurationError``.
    init?(services: [ServiceName], sources: ConfigurationSources) throws {
        guard let endpoint = sources.text(.otlpEndpoint) else { return nil }
        guard endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://") else {
            throw ConfigurationError("\(Setting.otlpEndpoint.variable) must be an http or https URL, not '\(endpoint.prefix(60))'")
        }
        do {
            try self.init(
                endpoint: endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint, headers: try sources.secret(.otlpHeaders),
                timeout: .milliseconds(try sources.number(.otlpTimeout, in: 1...600_000, default: 10_000)),
                sampler: try Sampler(name: sources.text(.tracesSampler), argument: sources.text(.tracesSamplerArgument)),
                resource: sources.text(.resourceAttributes),
                name: sources.text(.telemetryName) ?? Self.standardName(of: services), version: CodeLab.version)
        } catch let error as TracingConfigurationError {
            throw ConfigurationError(error.description)
        }
    }

    /// `codelab-gateway` for a process that runs one service.
    private static func standardName(of services: [ServiceName]) -> String {
        services.count == 1 ? "codelab-\(services[0].rawValue)" : "codelab"
    }
}
