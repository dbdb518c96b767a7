/// A message as a broker carries it: where to, what it says about itself, and its bytes.
public struct Event: Sendable, Equatable {
    /// The topic, queue or stream, its parameters filled in.
    public var address: String
    public var contentType: String
    public var headers: EventHeaders
    public var payload: [UInt8]

    public init(address: String, contentType: String = "application/json", headers: EventHeaders = [:], payload: [UInt8]) {
        self.address = address
        self.contentType = contentType
        self.headers = headers
        self.payload = payload
    }
}

/// The headers of an event: names and texts, in order. A name is there once.
public struct EventHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral, Sequence {
    private var fields: [(name: String, value: String)] = []

    public init() {}

    /// Of two values for one name the last one counts.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { self[name] = value }
    }

    /// The header's text; nil when it is absent, and to remove it.
    public subscript(name: String) -> String? {
        get { fields.first { $0.name == name }?.value }
        set {
            let index = fields.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): fields[index].value = value
            case (let index?, nil): fields.remove(at: index)
            case (nil, let value?): fields.append((name, value))
            case (nil, nil): break
            }
        }
    }

    public func makeIterator() -> some IteratorProtocol<(name: String, value: String)> { fields.makeIterator() }

    public static func == (first: Self, second: Self) -> Bool {
        first.fields.count == second.fields.count && zip(first.fields, second.fields).allSatisfy { $0 == $1 }
    }
}

extension EventHeaders {
    /// The headers that the members of an object say: strings as they are, other values as JSON.
    init(_ object: JSONObject) {
        for (name, value) in object.members {
            if case .string(let text) = value {
                self[name] = text
            } else {
                self[name] = String(decoding: JSONWriter.encode(value), as: UTF8.self)
            }
        }
    }

    /// The object whose members are the headers; those named in `json` hold JSON, the others text.
    func object(json names: Set<String>) -> JSONObject {
        var object = JSONObject()
        for (name, value) in fields {
            let parsed = names.contains(name) ? try? JSONReader.decode(JSONValue.self, from: [UInt8](value.utf8)) : nil
            object[name] = parsed ?? .string(value)
        }
        return object
    }
}

/// What a delivery knows beside the event.
public struct EventDelivery: Sendable {
    public var event: Event
    /// The broker's name for the event; empty when it has none.
    public var id: String
    /// 1 for the first delivery; more when it was delivered before and not accepted.
    public var attempt: Int

    public init(event: Event, id: String = "", attempt: Int = 1) {
        self.event = event
        self.id = id
        self.attempt = attempt
    }
}

/// What became of a delivery.
public enum EventOutcome: Sendable {
    /// Done: the broker may forget the event.
    case accepted
    /// It can never be handled: it is not what the document describes, or the handler says so. To be set aside, not delivered again.
    case rejected(RequestFailure)
    /// It could not be handled now: to be delivered again.
    case failed(any Error)
}
