import FoundationEssentials
import Logging
import OTLPTracing

/// Everything `codelab serve` is told, from all sources, checked.
struct ServeSettings: Sendable {
    /// Who answers conversations.
    enum LanguageModel: Sendable, Equatable {
        /// Replies from a scenario file; without one, a built-in notice that nothing is configured.
        case scripted(scenario: String?)
        case openAI(baseURL: String, key: String?, models: [String])

        /// The name of the model that the runtime asks for.
        var model: String {
            switch self {
            case .scripted: "scripted"
            case .openAI(_, _, let models): models.first ?? ""
            }
        }
    }

    var services: [ServiceName]
    var host: String
    var ports: [ServiceName: Int]
    var dataDirectory: String
    var portsFile: String?
    var logLevel: Logger.Level
    var logFormat: LogFormat
    var languageModel: LanguageModel
    /// Where the services find each other, when it is not on this machine's ports.
    var urls: [ServiceName: String]
    /// Where the runtime's other replicas reach the one that runs here; nil: at its own address.
    var runtimeAdvertiseURL: String?
    var issuer: String?
    /// The secret of the services and, while it is replaced, the one before. nil with all services in one process: then the data directory has one.
    var internalSecrets: [String]?
    /// nil: one is made up when the account is created.
    var administratorPassword: String?
    var allowsAnonymous: Bool
    /// How long requests are still taken after a signal to stop, while `/health/ready` says that no more should come.
    var drainTime: Duration
    /// The folder of the documents that the website gives.
    var specs: String
    var stores: StoreSettings
    /// nil: nothing is traced.
    var tracing: TracingConfiguration?
    /// For the settings that the services read themselves.
    var environment: [String: String]

    var isWhole: Bool { ServiceName.platform.allSatisfy(services.contains) }

    /// Whether what runs here calls other services, or is called by them.
    var isPartOfPlatform: Bool { services != [.website] }

    /// What was given on the command line; nil where nothing was.
    struct Flags: Sendable {
        var dataDirectory: String?
        var host: String?
        var ports: [String] = []
        var portsFile: String?
        var logLevel: String?
        var logFormat: LogFormat?
        var llm: String?
        var scenario: String?
        var llmBaseURL: String?
        var llmModels: String?
        var authURL: String?
        var runtimeURL: String?
        var llmProxyURL: String?
        var issuer: String?
        var allowsAnonymous = false
        var specs: String?
        var stores = StoreSettings.Flags()
    }

    init(services: [ServiceName], flags: Flags, sources: ConfigurationSources) throws {
        self.services = services
        environment = sources.environment
        host = sources.text(.host, flag: flags.host) ?? "127.0.0.1"
        ports = try Self.ports(of: services, flags: flags.ports, sources)
        dataDirectory = try sources.text(.dataDirectory, flag: flags.dataDirectory) ?? DataDirectory.standardPath(environment: environment)
        portsFile = sources.text(.portsFile, flag: flags.portsFile)
        logLevel = try Self.logLevel(sources.text(.logLevel, flag: flags.logLevel))
        logFormat = try flags.logFormat ?? Self.logFormat(sources.text(.logFormat))
        languageModel = try Self.languageModel(flags, sources)
        urls = [:]
        urls[.auth] = try Self.url(sources, .authURL, flags.authURL)
        urls[.runtime] = try Self.url(sources, .runtimeURL, flags.runtimeURL)
        urls[.llmProxy] = try Self.url(sources, .llmProxyURL, flags.llmProxyURL)
        runtimeAdvertiseURL = try Self.url(sources, .runtimeAdvertiseURL, nil)
        guard runtimeAdvertiseURL?.utf8.count ?? 0 <= 480 else {
            throw ConfigurationError("\(Setting.runtimeAdvertiseURL.variable) may have 480 bytes at most")
        }
        issuer = try Self.url(sources, .issuer, flags.issuer)
        internalSecrets = try Self.internalSecrets(sources)
        administratorPassword = try sources.secret(.administratorPassword)
        allowsAnonymous = try sources.flag(.anonymousUser, flag: flags.allowsAnonymous ? true : nil)
        drainTime = .seconds(try sources.number(.drainTime, in: 0...3600, default: 0))
        specs = sources.text(.websiteSpecs, flag: flags.specs) ?? "/usr/share/codelab/specs"
        tracing = try TracingConfiguration(services: services, sources: sources)
        stores = try StoreSettings(services: services, flags: flags.stores, sources: sources)
        guard isWhole || !isPartOfPlatform || internalSecrets != nil else {
            throw ConfigurationError(
                "services that run apart need the same secret to know each other: set \(Setting.internalSecret.variable) (or …_FILE)")
        }
    }

    /// Replicas with the new secret and such with the old one know each other while both have a line.
    private static func internalSecrets(_ sources: ConfigurationSources) throws -> [String]? {
        guard let text = try sources.secret(.internalSecret) else { return nil }
        let secrets = text.split(whereSeparator: \.isNewline).map(String.init)
        guard (1...2).contains(secrets.count), secrets.allSatisfy({ $0.utf8.count >= 16 }) else {
            throw ConfigurationError(
                """
                \(Setting.internalSecret.variable) must have at least 16 characters; while a new secret replaces an old one, a line each, the \
                new one first
                """)
        }
        return secrets
    }

    /// `--port auth=9000`, or `--port 9000` for a single service; `--port 0` lets the system choose for each.
    private static func ports(of services: [ServiceName], flags: [String], _ sources: ConfigurationSources) throws -> [ServiceName: Int] {
        var given: [ServiceName: Int] = [:]
        for flag in flags {
            let parts = flag.split(separator: "=", maxSplits: 1).map(String.init)
            guard let last = parts.last, let port = Int(last), (0...65535).contains(port) else {
                throw ConfigurationError("--port takes a port from 0 to 65535, as in 9000 or gateway=9000, not '\(flag.prefix(40))'")
            }
            if parts.count == 2 {
                guard let service = ServiceName(rawValue: parts[0]), services.contains(service) else {
                    let names = services.map(\.rawValue).joined(separator: ", ")
                    throw ConfigurationError("--port: no service '\(parts[0].prefix(40))' is served here; there are: \(names)")
                }
                given[service] = port
            } else {
                guard services.count == 1 || port == 0 else {
                    throw ConfigurationError("--port \(port): say for which service, as in gateway=\(port)")
                }
                for service in services { given[service] = port }
            }
        }
        var ports: [ServiceName: Int] = [:]
        for service in services { ports[service] = try given[service] ?? sources.port(.port(of: service)) ?? service.defaultPort }
        let fixed = ports.values.filter { $0 != 0 }
        guard Set(fixed).count == fixed.count else { throw ConfigurationError("two services cannot have the same port") }
        return ports
    }

    private static func languageModel(_ flags: Flags, _ sources: ConfigurationSources) throws -> LanguageModel {
        let scenario = sources.text(.scenario, flag: flags.scenario)
        let baseURL = try url(sources, .llmBaseURL, flags.llmBaseURL)
        let provider = sources.text(.llmProvider, flag: flags.llm) ?? (baseURL == nil ? "scripted" : "openai")
        switch provider {
        case "scripted":
            return .scripted(scenario: scenario)
        case "openai":
            guard let baseURL else { throw ConfigurationError("the provider openai needs --llm-base-url (\(Setting.llmBaseURL.variable))") }
            let names = (sources.text(.llmModels, flag: flags.llmModels) ?? "").split(separator: ",").map { String($0).trimmed }
            let models = names.filter { !$0.isEmpty }
            guard !models.isEmpty else {
                throw ConfigurationError("the provider openai needs --llm-models (\(Setting.llmModels.variable))")
            }
            return .openAI(baseURL: baseURL, key: try sources.secret(.llmKey), models: models)
        default:
            throw ConfigurationError("--llm is scripted or openai, not '\(provider.prefix(40))'")
        }
    }

    private static func url(_ sources: ConfigurationSources, _ setting: Setting, _ flag: String?) throws -> String? {
        guard let text = sources.text(setting, flag: flag) else { return nil }
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
            throw ConfigurationError("\(setting.variable) must be an http or https URL, not '\(text.prefix(60))'")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private static func logLevel(_ text: String?) throws -> Logger.Level {
        guard let text else { return .info }
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            throw ConfigurationError("the log level is one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return level
    }

    private static func logFormat(_ text: String?) throws -> LogFormat {
        guard let text else { return .text }
        guard let format = LogFormat(rawValue: text.lowercased()) else { throw ConfigurationError("the log format is text or json") }
        return format
    }
}
