/// Interprets an event stream as its bytes come, cut anywhere (WHATWG HTML §9.2.6).
///
/// A pure state machine: lines end with LF, CR or CRLF, a byte order mark at the start is passed over, several data lines are joined by
/// LF, comments are dropped, an event that is unfinished at the end is discarded.
struct EventStreamParser: Sendable {
    typealias Event = ServerSentEvent<[UInt8]>

    /// An event, comments and unknown fields included, is larger than allowed.
    struct EventTooLarge: Error, Equatable {
        let limit: Int
    }

    /// Bytes of one event, and of one line, at most.
    let limit: Int

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var event: String?
    private var id: String?
    private var retry: Int?
    private var lastWasCarriageReturn = false
    private var isFirstLine = true

    init(limit: Int = 1 << 20) { self.limit = limit }

    /// Takes more bytes and gives the events that they complete.
    mutating func feed(_ bytes: [UInt8]) throws(EventTooLarge) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            let followsCarriageReturn = lastWasCarriageReturn
            lastWasCarriageReturn = byte == 0x0D
            switch byte {
            case 0x0A where followsCarriageReturn: continue
            case 0x0A, 0x0D:
                if let event = endLine() { events.append(event) }
            default:
                guard line.count + data.count < limit else { throw EventTooLarge(limit: limit) }
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        var field = line[...]
        if isFirstLine {
            isFirstLine = false
            if field.starts(with: [0xEF, 0xBB, 0xBF]) { field = field.dropFirst(3) }
        }
        if field.isEmpty { return dispatch() }
        let colon = field.firstIndex(of: UInt8(ascii: ":")) ?? field.endIndex
        var value = field[colon...].dropFirst()
        if value.first == 0x20 { value = value.dropFirst() }
        process(String(decoding: field[..<colon], as: UTF8.self), value)
        return nil
    }

    private mutating func process(_ name: String, _ value: ArraySlice<UInt8>) {
        switch name {
        case "data":
            if hasData { data.append(0x0A) }
            data += value
            hasData = true
        case "event": event = String(decoding: value, as: UTF8.self)
        case "id" where !value.contains(0): id = String(decoding: value, as: UTF8.self)
        case "retry" where !value.isEmpty && value.allSatisfy(FormatCheck.isDigit): retry = Int(String(decoding: value, as: UTF8.self))
        default: break
        }
    }

    private mutating func dispatch() -> Event? {
        defer {
            data = []
            hasData = false
            event = nil
            retry = nil
        }
        // An empty type is no type; an event without data is none at all (§9.2.6, steps of dispatching).
        guard hasData else { return nil }
        return Event(event: event.flatMap { $0.isEmpty ? nil : $0 }, id: id, data: data, retry: retry)
    }
}
