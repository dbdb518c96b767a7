import APISupport
import LLMProxyAPI

/// A provider's chunks as the caller gets them: the same chunks, with the usage in a chunk of its own at the end, and only when it was asked for.
///
/// It begins when the first chunk is there, so that a provider that fails at once is answered with an error status. After that a failure breaks
/// the stream off, which the caller sees by the missing `[DONE]`.
struct AnswerStream: AsyncSequence, Sendable {
    typealias Element = ServerSentEvent<Schemas.ChatCompletionChunk>

    private let first: Schemas.ChatCompletionChunk
    private let rest: SequenceReader<Schemas.ChatCompletionChunk>
    private let includesUsage: Bool
    private let record: CallRecord

    /// Waits for the first chunk. Throws ``ProviderFailure``; what goes wrong later is told to `record`, as is the end.
    init(_ chunks: ChunkSequence, includesUsage: Bool, record: CallRecord) async throws {
        rest = Self.reader(chunks)
        guard let first = try await rest.next() else { throw ProviderFailure(.invalidAnswer, "The upstream answered nothing.") }
        self.first = first
        self.includesUsage = includesUsage
        self.record = record
    }

    private static func reader(
        _ chunks: some AsyncSequence<Schemas.ChatCompletionChunk, any Error> & Sendable
    ) -> SequenceReader<Schemas.ChatCompletionChunk> {
        SequenceReader(chunks)
    }

    func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    struct Iterator: AsyncIteratorProtocol {
        private let stream: AnswerStream
        private var isFirst = true
        private var isAtEnd = false
        private var isFinished = false
        private var usage: Schemas.Usage?

        fileprivate init(stream: AnswerStream) { self.stream = stream }

        mutating func next() async throws -> Element? {
            do {
                return try await nextChunk()
            } catch let failure as ProviderFailure {
                stream.record.failed(failure)
                throw failure
            }
        }

        private mutating func nextChunk() async throws -> Element? {
            while !isAtEnd {
                guard var chunk = isFirst ? stream.first : try await stream.rest.next() else { return try end() }
                isFirst = false
                if let usage = chunk.usage { self.usage = usage }
                chunk.usage = nil
                if chunk.choices.contains(where: { $0.finishReason != nil }) { isFinished = true }
                if !chunk.choices.isEmpty { return ServerSentEvent(data: chunk) }
            }
            return nil
        }

        /// The usage, when it was asked for; afterwards the end.
        private mutating func end() throws -> Element? {
            isAtEnd = true
            guard isFinished else { throw ProviderFailure(.invalidAnswer, "The upstream's stream ended before the answer did.") }
            stream.record.completed(usage)
            guard stream.includesUsage, let usage else { return nil }
            var chunk = stream.first
            chunk.choices = []
            chunk.usage = usage
            return ServerSentEvent(data: chunk)
        }
    }
}
