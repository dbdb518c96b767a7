import APISupport
import LLMProxyAPI

/// Reads what upstreams send, leniently: the dialects of OpenAI's API leave members out, send null for them, or add their own. What has the
/// wrong type counts as absent; only a document that is no chunk at all is refused.
enum UpstreamChunk {
    /// A chunk of a streamed answer; nil when `json` is none. `model` stands in for an absent model.
    static func chunk(_ json: JSONValue, model: String) -> Schemas.ChatCompletionChunk? {
        guard let object = json.objectValue, let choices = object["choices"]?.arrayValue ?? emptyChoices(object) else { return nil }
        return chunk(object, model: model, choices: choices.enumerated().compactMap { choice($1, position: $0, message: "delta") })
    }

    /// A whole answer, which some upstreams send though a stream was asked for, as one chunk; nil when `json` is none.
    static func wholeAnswer(_ json: JSONValue, model: String) -> Schemas.ChatCompletionChunk? {
        guard let object = json.objectValue, let choices = object["choices"]?.arrayValue, !choices.isEmpty else { return nil }
        return chunk(object, model: model, choices: choices.enumerated().compactMap { choice($1, position: $0, message: "message") })
    }

    /// The chunk that carries only the usage has no choices in some dialects.
    private static func emptyChoices(_ object: JSONObject) -> [JSONValue]? { object["usage"]?.objectValue == nil ? nil : [] }

    private static func chunk(_ object: JSONObject, model: String, choices: [Schemas.ChunkChoice]) -> Schemas.ChatCompletionChunk {
        Schemas.ChatCompletionChunk(
            id: object["id"]?.stringValue ?? "", created: object["created"]?.integerValue ?? Timestamp.now().secondsSinceEpoch,
            model: object["model"]?.stringValue ?? model, choices: choices, usage: object["usage"]?.objectValue.flatMap(usage),
            systemFingerprint: object["system_fingerprint"]?.stringValue)
    }

    private static func choice(_ json: JSONValue, position: Int, message: String) -> Schemas.ChunkChoice? {
        guard let object = json.objectValue else { return nil }
        let delta = object[message]?.objectValue ?? JSONObject()
        let calls = delta["tool_calls"]?.arrayValue?.enumerated().compactMap { toolCall($1, position: $0) } ?? []
        return Schemas.ChunkChoice(
            index: int32(object["index"]) ?? Int32(clamping: position),
            delta: Schemas.Delta(
                role: delta["role"]?.stringValue, content: delta["content"]?.stringValue, toolCalls: calls.isEmpty ? nil : calls),
            finishReason: object["finish_reason"]?.stringValue.map { Schemas.FinishReason(rawValue: $0) })
    }

    private static func toolCall(_ json: JSONValue, position: Int) -> Schemas.ToolCallDelta? {
        guard let object = json.objectValue else { return nil }
        let function = object["function"]?.objectValue
        return Schemas.ToolCallDelta(
            index: int32(object["index"]) ?? Int32(clamping: position), id: object["id"]?.stringValue, type: object["type"]?.stringValue,
            function: Schemas.FunctionCallDelta(name: function?["name"]?.stringValue, arguments: arguments(function?["arguments"])))
    }

    /// JSON text; some upstreams send the arguments as an object.
    private static func arguments(_ json: JSONValue?) -> String? {
        switch json {
        case .string(let text): text
        case .object(let object): String(decoding: JSONWriter.encode(object), as: UTF8.self)
        default: nil
        }
    }

    private static func usage(_ object: JSONObject) -> Schemas.Usage? {
        let prompt = object["prompt_tokens"]?.integerValue ?? 0
        let completion = object["completion_tokens"]?.integerValue ?? 0
        guard prompt >= 0, completion >= 0 else { return nil }
        let (sum, overflow) = prompt.addingReportingOverflow(completion)
        return Schemas.Usage(
            promptTokens: prompt, completionTokens: completion,
            totalTokens: max(object["total_tokens"]?.integerValue ?? 0, overflow ? .max : sum))
    }

    private static func int32(_ json: JSONValue?) -> Int32? { json?.integerValue.flatMap { (0...127).contains($0) ? Int32($0) : nil } }
}
