import Tracing

/// What is traced of a turn, by the semantic conventions of OpenTelemetry for agents
/// (opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-agent-spans). Nothing that anybody wrote is in it.
enum TurnSpans {
    /// The turn of an agent, from its start to its end.
    static func turn(_ machine: TurnStateMachine, in session: String) -> any Span {
        let agent = machine.agent.rawValue
        let span = startSpan("invoke_agent \(agent)")
        span.attributes["gen_ai.operation.name"] = "invoke_agent"
        span.attributes["gen_ai.agent.name"] = agent
        span.attributes["gen_ai.conversation.id"] = session
        return span
    }

    static func end(_ span: any Span, with outcome: TurnOutcome) {
        if case .failed(let code) = outcome { record(code.rawValue, in: span) }
        span.end()
    }

    /// A question to the model.
    static func model(_ name: String) -> any Span {
        let span = startSpan("chat \(name)", ofKind: .client)
        span.attributes["gen_ai.operation.name"] = "chat"
        span.attributes["gen_ai.request.model"] = name
        return span
    }

    /// What the model says of its answer when it is complete.
    static func record(_ event: ModelEvent, in span: any Span) {
        guard case .finished(let reason, let usage) = event else { return }
        span.attributes["gen_ai.response.finish_reasons"] = ["\(reason)"]
        span.attributes["gen_ai.usage.input_tokens"] = usage?.promptTokens
        span.attributes["gen_ai.usage.output_tokens"] = usage?.completionTokens
    }

    /// That something failed, by its name.
    static func record(_ failure: String, in span: any Span) {
        span.attributes["error.type"] = failure
        span.setStatus(SpanStatus(code: .error))
    }

    /// Tool executions and approvals that are over, told when they are stored: each from its start on.
    static func record(_ occurrences: [Occurrence]) {
        for occurrence in occurrences {
            switch occurrence.fact {
            case .toolExecutionCompleted(_, let tool, let duration): record(tool, duration, failure: nil)
            case .toolExecutionFailed(_, let tool, let duration, let reason): record(tool, duration, failure: reason.rawValue)
            case .approvalDecided(_, _, _, let decision, let decider, let waited):
                let span = startSpan("approval", at: Past(waited))
                span.attributes["codelab.approval.decision"] = decision
                span.attributes["codelab.approval.by"] = decider.rawValue
                span.end()
            default: continue
            }
        }
    }

    private static func record(_ tool: String, _ duration: Duration, failure: String?) {
        // A model may ask for tools that there are not, by any name.
        let name = ToolName(rawValue: tool)?.rawValue ?? "unknown"
        let span = startSpan("execute_tool \(name)", at: Past(duration))
        span.attributes["gen_ai.operation.name"] = "execute_tool"
        span.attributes["gen_ai.tool.name"] = name
        if let failure { record(failure, in: span) }
        span.end()
    }
}

/// A point in time so long ago.
private struct Past: TracerInstant {
    let nanosecondsSinceEpoch: UInt64

    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let past = UInt64(clamping: seconds) * 1_000_000_000 + UInt64(clamping: attoseconds / 1_000_000_000)
        let now = DefaultTracerClock.now.nanosecondsSinceEpoch
        nanosecondsSinceEpoch = now - min(past, now)
    }

    static func < (one: Past, other: Past) -> Bool { one.nanosecondsSinceEpoch < other.nanosecondsSinceEpoch }
}
