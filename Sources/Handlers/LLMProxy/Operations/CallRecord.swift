import LLMProxyAPI
import Logging

/// What the log and the metrics get about a completion: who answered, how long it took, what it cost. Neither the conversation nor a key.
struct CallRecord: Sendable {
    let model: String
    let provider: String
    let logger: Logger
    private let begin = ContinuousClock.now

    init(model: String, provider: String, logger: Logger) {
        self.model = model
        self.provider = provider
        self.logger = logger
    }

    private var metrics: CompletionMetrics { CompletionMetrics(provider: provider, model: model) }

    func completed(_ usage: Schemas.Usage?) {
        metrics.completed(usage, after: ContinuousClock.now - begin)
        logger.info(
            "completion",
            metadata: [
                "model": "\(model)", "provider": "\(provider)", "duration": "\(ContinuousClock.now - begin)",
                "prompt_tokens": "\(usage?.promptTokens ?? 0)", "completion_tokens": "\(usage?.completionTokens ?? 0)",
            ])
    }

    func failed(_ failure: ProviderFailure) {
        metrics.failed(failure, after: ContinuousClock.now - begin)
        logger.warning(
            "completion failed",
            metadata: [
                "model": "\(model)", "provider": "\(provider)", "code": "\(failure.code)",
                "upstream_status": "\(failure.upstreamStatus ?? 0)",
                "cause": "\(failure.cause.map { "\($0)" } ?? failure.message)",
            ])
    }
}
