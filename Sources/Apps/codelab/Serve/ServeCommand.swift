import ArgumentParser
import Logging
import Metrics
import PrometheusMetrics

/// `codelab serve`: the services, together or one by one.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the platform, or one of its services.",
        discussion: """
            `serve all` runs the four services in one process on SQLite files, with nothing else to install; `serve website` is one page that links
            the specs, beside a platform. On the first start it prints the
            administrator's generated password, once. SIGTERM and SIGINT let what is in flight end, for at most 20 seconds, and stop.

            With --database-url everything that must last is in PostgreSQL, with --redis-url everything that replicas share for a while is in Redis.
            Such a URL may hold a password, which other users of the machine can read on a command line: better CODELAB_DATABASE_URL and
            CODELAB_REDIS_URL, or the same with _FILE at the end, naming a file. CODELAB_AUTH_DATABASE_URL and CODELAB_RUNTIME_DATABASE_URL are for
            services with databases of their own. The tables are brought up to date at the start, unless --no-migrate says otherwise.

            Every setting can be given as a flag, as an environment variable, or in a YAML file (--config). Secrets, and URLs that
            may hold one, never stand in that file:
            CODELAB_LLM_API_KEY, CODELAB_AUTH_INTERNAL_SECRET, CODELAB_ADMIN_PASSWORD (each also with _FILE at its end, naming a file).

            Examples:
              codelab serve all
              codelab serve all --port 0 --ports-file ports.json --data-dir /tmp/codelab --llm scripted --scenario deploy/scenarios/demo.yaml
              CODELAB_LLM_API_KEY=… codelab serve all --llm-base-url https://api.example.com/v1 --llm-models some-model
              codelab serve all --database-url postgres://codelab@db/codelab --redis-url redis://cache:6379
              codelab serve gateway --auth-url http://auth:8003 --runtime-url http://runtime:8001
              codelab serve website --specs specs
            """
    )

    /// What can be served.
    enum Selection: String, CaseIterable, ExpressibleByArgument {
        case all
        case auth
        case gateway
        case runtime
        case llmProxy = "llm-proxy"
        case website

        var services: [ServiceName] { ServiceName(rawValue: rawValue).map { [$0] } ?? ServiceName.platform }
    }

    @Argument(help: "all (the four services), auth, gateway, runtime, llm-proxy or website.") var selection: Selection
    @Option(help: "A YAML file with settings (CODELAB_CONFIG).") var config: String?
    @Option(help: "Where databases and keys are kept (CODELAB_DATA_DIR; default ~/.local/share/codelab).") var dataDir: String?
    @Option(help: "The address to listen on (CODELAB_HOST; default 127.0.0.1).") var host: String?
    @Option(help: "A service's port, as in gateway=9000; 0: any free one (CODELAB_GATEWAY_PORT and so on). Repeatable.") var port:
        [String] = []
    @Option(help: "Write the ports as JSON into this file when all services listen (CODELAB_PORTS_FILE).") var portsFile: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical (CODELAB_LOG_LEVEL; default info).") var logLevel: String?
    @Option(help: "text or json (CODELAB_LOG_FORMAT; default text).") var logFormat: LogFormat?
    @Option(help: "scripted or openai (CODELAB_LLM; default scripted, unless a base URL is given).") var llm: String?
    @Option(help: "What the scripted model says (CODELAB_LLM_SCENARIOS).") var scenario: String?
    @Option(name: .customLong("llm-base-url"), help: "An OpenAI-compatible API (CODELAB_LLM_BASE_URL).") var llmBaseURL: String?
    @Option(help: "The models it has, separated by commas; the agents ask for the first (CODELAB_LLM_MODELS).") var llmModels: String?
    @Option(name: .customLong("auth-url"), help: "The auth service, when it runs elsewhere (CODELAB_AUTH_URL).") var authURL: String?
    @Option(name: .customLong("runtime-url"), help: "The runtime, when it runs elsewhere (CODELAB_RUNTIME_URL).") var runtimeURL: String?
    @Option(name: .customLong("llm-proxy-url"), help: "The LLM proxy, when it runs elsewhere (CODELAB_LLM_PROXY_URL).") var llmProxyURL:
        String?
    @Option(help: "The public URL of the auth service, as tokens name it (CODELAB_AUTH_ISSUER; default: its address).") var issuer: String?
    @Flag(help: "Serve clients without a token as one shared user (CODELAB_GATEWAY_ANONYMOUS). Only for trusted networks.")
    var allowAnonymous = false
    @Option(help: "The folder of the specs that the website links (CODELAB_WEBSITE_SPECS; default /usr/share/codelab/specs).") var specs:
        String?
    @Option(name: .customLong("database-url"), help: "A PostgreSQL database, postgres://… (CODELAB_DATABASE_URL; default: SQLite files).")
    var databaseURL: String?
    @Option(name: .customLong("redis-url"), help: "A Redis server, redis://… (CODELAB_REDIS_URL; default: this process's memory).")
    var redisURL: String?
    @Flag(inversion: .prefixedNo, help: "Bring the tables up to date at the start (CODELAB_MIGRATE; default true).")
    var migrate: Bool?

    func run() async throws {
        let settings: ServeSettings
        do {
            settings = try ServeSettings(services: selection.services, flags: flags, sources: try ConfigurationSources(filePath: config))
        } catch let error as ConfigurationError {
            throw ValidationError("\(error)")
        }
        let provider = settings.tracing.map { _ in Logger.MetadataProvider.trace }
        LoggingSystem.bootstrap(
            { [format = settings.logFormat, level = settings.logLevel] label, provider in
                StandardErrorLogHandler(label: label, format: format, level: level, metadataProvider: provider)
            }, metadataProvider: provider)
        let logger = Logger(label: "codelab")
        let metrics = PrometheusRegistry(MetricCatalogue.all)
        MetricsSystem.bootstrap(metrics)
        do {
            try await Platform(settings: settings, metrics: metrics, logger: logger).run()
        } catch {
            logger.critical("CodeLab cannot run", metadata: ["reason": "\(error)"])
            throw ExitCode(1)
        }
    }

    private var flags: ServeSettings.Flags {
        ServeSettings.Flags(
            dataDirectory: dataDir, host: host, ports: port, portsFile: portsFile, logLevel: logLevel, logFormat: logFormat, llm: llm,
            scenario: scenario, llmBaseURL: llmBaseURL, llmModels: llmModels, authURL: authURL, runtimeURL: runtimeURL,
            llmProxyURL: llmProxyURL,
            issuer: issuer, allowsAnonymous: allowAnonymous, specs: specs,
            stores: StoreSettings.Flags(databaseURL: databaseURL, redisURL: redisURL, migratesAtStart: migrate)
        )
    }
}
