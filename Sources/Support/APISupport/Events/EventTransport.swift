/// A broker, seen from generated code: the port that Redis Streams, Kafka, AMQP and others are put behind.
public protocol EventTransport: Sendable {
    /// Publishes an event; returns when the broker has it.
    func publish(_ event: Event) async throws

    /// Delivers the events of the subscriptions, each to `receive` with the subscription that it is for, and does with it what the outcome
    /// says: at least once each, until the task is cancelled. How many are delivered at a time is the transport's to bound.
    ///
    /// Throws `CancellationError`, or why it can deliver no more.
    func deliver(
        _ subscriptions: [EventSubscription], to receive: @escaping @Sendable (EventDelivery, EventSubscription) async -> EventOutcome
    ) async throws
}

/// A wish to receive an operation's events.
public struct EventSubscription: Sendable, Hashable {
    /// The operation's name in the document.
    public let operationID: String
    public let address: EventAddress

    public init(operationID: String, address: EventAddress) {
        self.operationID = operationID
        self.address = address
    }
}

/// An address with parameters in braces, such as `lights.{id}.measured`.
public struct EventAddress: Sendable, Hashable, CustomStringConvertible {
    private enum Part: Sendable, Hashable {
        case text(String)
        case parameter(String)
    }

    public let template: String
    private let parts: [Part]

    public init(_ template: String) {
        self.template = template
        var parts: [Part] = []
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            parts.append(.parameter(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    public var description: String { template }

    /// The address with a wildcard in the place of each parameter, as the broker writes it: `*`, `+`, `%`, ...
    public func pattern(wildcard: String) -> String {
        parts.map { if case .text(let text) = $0 { text } else { wildcard } }.joined()
    }

    /// The address with its parameters filled in; nil when one is missing.
    public func filled(_ values: [String: String]) -> String? {
        var address = ""
        for part in parts {
            switch part {
            case .text(let text): address += text
            case .parameter(let name):
                guard let value = values[name] else { return nil }
                address += value
            }
        }
        return address
    }

    /// The parameters' values in `address`, when it is one of these. A value is never empty, and ends before the text that follows it.
    public func match(_ address: String) -> [String: String]? {
        var values: [String: String] = [:]
        var rest = address[...]
        for (index, part) in parts.enumerated() {
            switch part {
            case .text(let text):
                guard rest.hasPrefix(text) else { return nil }
                rest = rest.dropFirst(text.count)
            case .parameter(let name):
                var end = rest.endIndex
                if index + 1 < parts.count, case .text(let text) = parts[index + 1] {
                    guard let range = rest.dropFirst().firstRange(of: text) else { return nil }
                    // The last part may occur inside of the value as well.
                    end =
                        index + 2 == parts.count && rest.hasSuffix(text)
                        ? rest.index(rest.endIndex, offsetBy: -text.count) : range.lowerBound
                } else if index + 1 < parts.count, let first = rest.indices.dropFirst().first {
                    end = first
                }
                guard end > rest.startIndex else { return nil }
                values[name] = String(rest[..<end])
                rest = rest[end...]
            }
        }
        return rest.isEmpty ? values : nil
    }
}
