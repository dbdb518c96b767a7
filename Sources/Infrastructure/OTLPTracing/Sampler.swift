/// Decides which traces are recorded (opentelemetry.io/docs/specs/otel/trace/sdk/#sampling).
public enum Sampler: Sendable, Equatable {
    case alwaysOn
    case alwaysOff
    /// This part of all traces, by their ids, so that every process decides alike; from 0 to 1.
    case ratio(Double)
    /// As whoever called has decided; what begins here, as by the other one.
    indirect case parentBased(root: Sampler)

    /// By the values of `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`.
    ///
    /// - Throws: ``TracingConfigurationError`` for a name that there is not, and a part that is none.
    public init(name: String?, argument: String?) throws(TracingConfigurationError) {
        switch name ?? "parentbased_always_on" {
        case "always_on": self = .alwaysOn
        case "always_off": self = .alwaysOff
        case "traceidratio": self = .ratio(try Self.ratio(argument))
        case "parentbased_always_on": self = .parentBased(root: .alwaysOn)
        case "parentbased_always_off": self = .parentBased(root: .alwaysOff)
        case "parentbased_traceidratio": self = .parentBased(root: .ratio(try Self.ratio(argument)))
        case let other:
            throw TracingConfigurationError(
                "OTEL_TRACES_SAMPLER is always_on, always_off, traceidratio or one of these after parentbased_, not '\(other.prefix(40))'")
        }
    }

    private static func ratio(_ argument: String?) throws(TracingConfigurationError) -> Double {
        guard let argument else { return 1 }
        guard let ratio = Double(argument), (0...1).contains(ratio) else {
            throw TracingConfigurationError("OTEL_TRACES_SAMPLER_ARG is a number from 0 to 1, not '\(argument.prefix(40))'")
        }
        return ratio
    }

    /// - Parameter parent: What the caller sent; nil where a trace begins.
    func samples(_ trace: TraceContext, parent: TraceContext?) -> Bool {
        switch self {
        case .alwaysOn: true
        case .alwaysOff: false
        case .ratio(let ratio): ratio >= 1 || Double(trace.traceID.low) < ratio * 0x1p64
        case .parentBased(let root): parent?.isSampled ?? root.samples(trace, parent: nil)
        }
    }
}

/// A setting for traces makes no sense.
public struct TracingConfigurationError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
