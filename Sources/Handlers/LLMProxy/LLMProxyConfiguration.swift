/// All settings of the LLM proxy. Each has the environment variable that ``init(environment:)`` reads it from.
public struct LLMProxyConfiguration: Sendable {
    /// An OpenAI-compatible upstream; nil: there is none. `CODELAB_LLM_BASE_URL` (up to and without `/chat/completions`), `CODELAB_LLM_API_KEY`,
    /// `CODELAB_LLM_MODELS` (comma-separated; required with a base URL), `CODELAB_LLM_NAME` (by default `upstream`), `CODELAB_LLM_RESPONSE_TIMEOUT` and
    /// `CODELAB_LLM_IDLE_TIMEOUT` (in seconds, by default 60).
    public var upstream: OpenAICompatibleProvider.Configuration?
    /// The most bytes of text and tool arguments that an answer may have which is asked for whole. `CODELAB_LLM_MAXIMUM_ANSWER`, by default 8 MiB.
    public var maximumAnswerBytes: Int
    /// Completions a minute, that many at once too, for each user of each client; 0: no limit. `CODELAB_LLM_RATE_LIMIT`, by default 600.
    public var completionsPerMinute = 600

    public init(upstream: OpenAICompatibleProvider.Configuration? = nil, maximumAnswerBytes: Int = 8 << 20) {
        self.upstream = upstream
        self.maximumAnswerBytes = maximumAnswerBytes
    }

    /// Reads the settings from environment variables; what is absent or empty has its default.
    ///
    /// Throws ``LLMProxyConfigurationError`` for a value that cannot be read.
    public init(environment: [String: String]) throws(LLMProxyConfigurationError) {
        self.init()
        upstream = try Self.upstream(environment)
        maximumAnswerBytes = try Self.number("CODELAB_LLM_MAXIMUM_ANSWER", environment) ?? maximumAnswerBytes
        if let text = Self.text("CODELAB_LLM_RATE_LIMIT", environment) {
            guard let count = Int(text), count >= 0 else {
                throw LLMProxyConfigurationError("CODELAB_LLM_RATE_LIMIT must be a whole number, 0 or more.")
            }
            completionsPerMinute = count
        }
    }

    private static func upstream(
        _ environment: [String: String]
    ) throws(LLMProxyConfigurationError) -> OpenAICompatibleProvider.Configuration? {
        guard let baseURL = text("CODELAB_LLM_BASE_URL", environment) else { return nil }
        guard baseURL.hasPrefix("https://") || baseURL.hasPrefix("http://") else {
            throw LLMProxyConfigurationError("CODELAB_LLM_BASE_URL must be an http or https URL.")
        }
        let models = (text("CODELAB_LLM_MODELS", environment) ?? "").split(separator: ",").map { String($0.trimmed) }.filter { !$0.isEmpty }
        guard !models.isEmpty else { throw LLMProxyConfigurationError("CODELAB_LLM_MODELS must name the models of CODELAB_LLM_BASE_URL.") }
        return OpenAICompatibleProvider.Configuration(
            name: text("CODELAB_LLM_NAME", environment) ?? "upstream", baseURL: baseURL,
            apiKey: text("CODELAB_LLM_API_KEY", environment).map { APIKey($0) }, models: models,
            responseTimeout: .seconds(try number("CODELAB_LLM_RESPONSE_TIMEOUT", environment) ?? 60),
            idleTimeout: .seconds(try number("CODELAB_LLM_IDLE_TIMEOUT", environment) ?? 60))
    }

    private static func text(_ name: String, _ environment: [String: String]) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func number(_ name: String, _ environment: [String: String]) throws(LLMProxyConfigurationError) -> Int? {
        guard let text = text(name, environment) else { return nil }
        guard let number = Int(text), number > 0 else { throw LLMProxyConfigurationError("\(name) must be a whole number above zero.") }
        return number
    }
}

/// A setting that cannot be used.
public struct LLMProxyConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
