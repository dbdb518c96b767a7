/// A setting: where it can be given besides its flag. The README's table lists them all.
struct Setting: Sendable {
    /// The environment variable.
    let variable: String
    /// The key in the YAML file, levels joined by dots; nil for a secret, which has no place in such a file.
    let key: String?

    private init(_ variable: String, _ key: String?) {
        self.variable = variable
        self.key = key
    }

    static let configurationFile = Setting("CODELAB_CONFIG", nil)
    static let dataDirectory = Setting("CODELAB_DATA_DIR", "data_dir")
    static let host = Setting("CODELAB_HOST", "host")
    static let portsFile = Setting("CODELAB_PORTS_FILE", "ports_file")
    static let logLevel = Setting("CODELAB_LOG_LEVEL", "log.level")
    static let logFormat = Setting("CODELAB_LOG_FORMAT", "log.format")
    static let scenario = Setting("CODELAB_LLM_SCENARIOS", "llm.scenario")
    static let llmProvider = Setting("CODELAB_LLM", "llm.provider")
    static let llmBaseURL = Setting("CODELAB_LLM_BASE_URL", "llm.base_url")
    static let llmModels = Setting("CODELAB_LLM_MODELS", "llm.models")
    static let llmKey = Setting("CODELAB_LLM_API_KEY", nil)
    static let authURL = Setting("CODELAB_AUTH_URL", "urls.auth")
    static let gatewayURL = Setting("CODELAB_GATEWAY_URL", "urls.gateway")
    static let runtimeURL = Setting("CODELAB_RUNTIME_URL", "urls.runtime")
    static let llmProxyURL = Setting("CODELAB_LLM_PROXY_URL", "urls.llm-proxy")
    static let issuer = Setting("CODELAB_AUTH_ISSUER", "auth.issuer")
    static let administratorPassword = Setting("CODELAB_ADMIN_PASSWORD", nil)
    static let internalSecret = Setting("CODELAB_AUTH_INTERNAL_SECRET", nil)
    static let anonymousUser = Setting("CODELAB_GATEWAY_ANONYMOUS", "gateway.anonymous")

    static func port(of service: ServiceName) -> Setting {
        switch service {
        case .auth: Setting("CODELAB_AUTH_PORT", "ports.auth")
        case .gateway: Setting("CODELAB_GATEWAY_PORT", "ports.gateway")
        case .runtime: Setting("CODELAB_RUNTIME_PORT", "ports.runtime")
        case .llmProxy: Setting("CODELAB_LLM_PROXY_PORT", "ports.llm-proxy")
        }
    }

    /// Every setting that the file may hold.
    static let inFile: [Setting] =
        [
            dataDirectory, host, portsFile, logLevel, logFormat, scenario, llmProvider, llmBaseURL, llmModels, authURL, gatewayURL,
            runtimeURL,
            llmProxyURL, issuer, anonymousUser,
        ] + ServiceName.allCases.map(port(of:))
}

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
}
