/// A setting: where it can be given besides its flag. docs/guides/settings.md lists them all, and those that the services read themselves.
struct Setting: Sendable {
    /// The environment variable.
    let variable: String
    /// The key in the YAML file, levels joined by dots; nil for what has no place in such a file.
    let key: String?
    /// Whether it may also be read from a file that the variable with `_FILE` at its end names; never has a ``key``.
    let isSecret: Bool

    init(_ variable: String, _ key: String?) {
        self.variable = variable
        self.key = key
        isSecret = false
    }

    /// A secret, or a URL that may hold one.
    init(secret variable: String) {
        self.variable = variable
        key = nil
        isSecret = true
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
    static let llmKey = Setting(secret: "CODELAB_LLM_API_KEY")
    static let authURL = Setting("CODELAB_AUTH_URL", "urls.auth")
    static let gatewayURL = Setting("CODELAB_GATEWAY_URL", "urls.gateway")
    static let runtimeURL = Setting("CODELAB_RUNTIME_URL", "urls.runtime")
    /// Where the runtime's other replicas reach this one.
    static let runtimeAdvertiseURL = Setting("CODELAB_RUNTIME_ADVERTISE_URL", "urls.runtime_advertise")
    static let llmProxyURL = Setting("CODELAB_LLM_PROXY_URL", "urls.llm-proxy")
    static let issuer = Setting("CODELAB_AUTH_ISSUER", "auth.issuer")
    static let administratorPassword = Setting(secret: "CODELAB_ADMIN_PASSWORD")
    static let internalSecret = Setting(secret: "CODELAB_AUTH_INTERNAL_SECRET")
    /// The folder of the documents that the website gives.
    static let websiteSpecs = Setting("CODELAB_WEBSITE_SPECS", "website.specs")
    static let drainTime = Setting("CODELAB_DRAIN_TIME", "drain_time")
    /// For the terminal client: an access token, or an account.
    static let token = Setting(secret: "CODELAB_TOKEN")
    static let username = Setting("CODELAB_USERNAME", nil)
    static let password = Setting(secret: "CODELAB_PASSWORD")
    static let anonymousUser = Setting("CODELAB_GATEWAY_ANONYMOUS", "gateway.anonymous")

    static func port(of service: ServiceName) -> Setting {
        switch service {
        case .auth: Setting("CODELAB_AUTH_PORT", "ports.auth")
        case .gateway: Setting("CODELAB_GATEWAY_PORT", "ports.gateway")
        case .runtime: Setting("CODELAB_RUNTIME_PORT", "ports.runtime")
        case .llmProxy: Setting("CODELAB_LLM_PROXY_PORT", "ports.llm-proxy")
        case .website: Setting("CODELAB_WEBSITE_PORT", "ports.website")
        }
    }

    /// Every one.
    static let all: [Setting] =
        [
            configurationFile, dataDirectory, host, portsFile, logLevel, logFormat, scenario, llmProvider, llmBaseURL, llmModels, llmKey,
            authURL, gatewayURL, runtimeURL, runtimeAdvertiseURL, llmProxyURL, issuer, administratorPassword, internalSecret, anonymousUser,
            drainTime, websiteSpecs, token, username, password,
        ] + ServiceName.allCases.map(port(of:)) + stores + telemetry
}
