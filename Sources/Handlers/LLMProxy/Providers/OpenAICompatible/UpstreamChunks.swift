import APISupport
import LLMProxyAPI

/// The events of an upstream's stream as chunks. An upstream that is silent for too long fails; so does one that sends an error, or what is no chunk.
struct UpstreamChunks: AsyncSequence, Sendable {
    typealias Failure = any Error

    let events: EventStream<JSONValue>
    /// For chunks that do not tell their model.
    let model: String
    let idleTimeout: Duration

    func makeAsyncIterator() -> Iterator { Iterator(events: SequenceReader(events), model: model, idleTimeout: idleTimeout) }

    struct Iterator: AsyncIteratorProtocol {
        let events: SequenceReader<ServerSentEvent<JSONValue>>
        let model: String
        let idleTimeout: Duration

        mutating func next() async throws -> Schemas.ChatCompletionChunk? {
            let event = try await UpstreamFailure.mapping(limit: idleTimeout) { [events, idleTimeout] in
                try await withDeadline(idleTimeout) { try await events.next() }
            }
            guard let event else { return nil }
            if let chunk = UpstreamChunk.chunk(event.data, model: model) { return chunk }
            if let error = event.data.objectValue?["error"], !error.isNull {
                throw ProviderFailure(
                    .failed, "The upstream broke its answer off with an error.", cause: UpstreamEventError(error))
            }
            throw ProviderFailure(.invalidAnswer, "The upstream sent what is not a chunk of a completion.")
        }
    }
}

/// The error that an upstream sent instead of a chunk, for the log: what kind it is, without its text, which might quote anything.
struct UpstreamEventError: Error, CustomStringConvertible {
    let description: String

    init(_ error: JSONValue) {
        let object = error.objectValue
        let kinds = ["type", "code"].compactMap { name in object?[name]?.stringValue.map { "\(name) \($0.prefix(100))" } }
        description = kinds.isEmpty ? "an error without type and code" : kinds.joined(separator: ", ")
    }
}

/// What keeps an upstream from answering, as ``ProviderFailure``.
enum UpstreamFailure {
    /// Runs `body`; `limit` is what it waits at most, for the message.
    static func mapping<Value>(limit: Duration, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let failure as ProviderFailure {
            throw failure
        } catch let error as CancellationError {
            throw error
        } catch is DeadlineExceeded {
            throw ProviderFailure(.timeout, "The upstream did not answer within \(limit).")
        } catch let error as ClientError {
            throw ProviderFailure(.invalidAnswer, "The upstream's answer is not a completion.", upstreamStatus: error.status, cause: error)
        } catch {
            throw ProviderFailure(.unavailable, "The upstream cannot be reached.", cause: error)
        }
    }
}
