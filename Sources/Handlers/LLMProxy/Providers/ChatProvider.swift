public import LLMProxyAPI

/// The chunks of one answer, in order. Ends after the chunk that carries the usage; throws ``ProviderFailure`` when the answer breaks off.
public typealias ChunkSequence = any AsyncSequence<Schemas.ChatCompletionChunk, any Error> & Sendable

/// A port: something that answers conversations. A provider always streams; a whole answer is put together from the same chunks.
public protocol ChatProvider: Sendable {
    /// Its name, as `GET /v1/models` gives it in `owned_by`.
    var name: String { get }

    /// The models it serves. Two providers of one proxy may not serve the same one.
    var models: [String] { get }

    /// Begins an answer to `request`. Returns once the provider has accepted the request; cancelling the task that reads the chunks cancels
    /// the work behind them. The last chunk has no choices and carries the usage.
    ///
    /// Throws ``ProviderFailure`` when the provider refuses the request or cannot be reached.
    func complete(_ request: Schemas.ChatCompletionRequest) async throws -> ChunkSequence
}
