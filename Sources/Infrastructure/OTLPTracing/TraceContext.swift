public import Tracing

/// Which span of which trace something belongs to, as it travels between processes (W3C Trace Context, w3.org/TR/trace-context).
struct TraceContext: Sendable, Equatable {
    /// The field that holds all but the state (§3.2).
    static let parentField = "traceparent"
    /// The field that holds what other vendors' systems pass on (§3.3).
    static let stateField = "tracestate"

    /// The 128 bits of the trace's id, never all zero.
    var traceID: (high: UInt64, low: UInt64)
    /// Never zero.
    var spanID: UInt64
    var isSampled: Bool
    /// Passed on as it came.
    var state: String?

    /// A trace that begins here.
    static func root(isSampled: Bool = false) -> TraceContext {
        TraceContext(traceID: (.random(in: 0...(.max)), .random(in: 1...(.max))), spanID: newSpanID(), isSampled: isSampled, state: nil)
    }

    static func newSpanID() -> UInt64 { .random(in: 1...(.max)) }

    init(traceID: (high: UInt64, low: UInt64), spanID: UInt64, isSampled: Bool, state: String?) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    /// Reads `traceparent`, of this version or a later one; nil for what the standard tells to ignore.
    init?(parent: String, state: String? = nil) {
        let bytes = Array(parent.utf8.prefix(Self.maximumParentLength + 1))
        guard bytes.count >= 55, bytes.count <= Self.maximumParentLength, bytes[2] == Self.hyphen, bytes[35] == Self.hyphen,
            bytes[52] == Self.hyphen, let version = Self.number(bytes[0..<2]), version != 0xff, bytes.count == 55 || version > 0,
            bytes.count == 55 || bytes[55] == Self.hyphen, let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]),
            high != 0 || low != 0, let spanID = Self.number(bytes[36..<52]), spanID != 0, let flags = Self.number(bytes[53..<55])
        else { return nil }
        traceID = (high, low)
        self.spanID = spanID
        isSampled = flags & 1 == 1
        self.state = state.flatMap { Self.isState($0) ? $0 : nil }
    }

    /// `traceparent`, version 00.
    var parent: String { "00-\(traceIDText)-\(spanIDText)-0\(isSampled ? 1 : 0)" }

    var traceIDText: String { Self.text(traceID.high) + Self.text(traceID.low) }
    var spanIDText: String { Self.text(spanID) }

    static func == (one: TraceContext, other: TraceContext) -> Bool {
        one.traceID == other.traceID && one.spanID == other.spanID && one.isSampled == other.isSampled && one.state == other.state
    }

    // MARK: Text

    private static let hyphen = UInt8(ascii: "-")
    /// What a later version may append is not believed to be longer.
    private static let maximumParentLength = 256

    /// Of small hexadecimal digits only (§3.2.2).
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    private static func text(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Visible ASCII and spaces, at most 512 bytes, which is as much as everyone has to pass on (§3.3.1.5).
    private static func isState(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 512 && text.utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x09 }
    }
}

/// The trace's place in a service context.
private enum TraceContextKey: ServiceContextKey {
    typealias Value = TraceContext
    static let nameOverride: String? = "trace"
}

extension ServiceContext {
    var trace: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}

/// The ids of a span, in hexadecimal digits.
public struct TraceReference: Sendable, Equatable {
    public let traceID: String
    public let spanID: String
}

extension ServiceContext {
    /// The span that this is the context of; nil outside of traces, and where the trace is not recorded.
    public var traceReference: TraceReference? {
        guard let trace, trace.isSampled else { return nil }
        return TraceReference(traceID: trace.traceIDText, spanID: trace.spanIDText)
    }
}
