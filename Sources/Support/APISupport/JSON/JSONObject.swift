/// A JSON object of any members, in the order in which they came. Two are equal when they have equal members in any order (RFC 8259 §4).
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// The members' names, in order.
    public private(set) var names: [String] = []
    private var values: [String: JSONValue] = [:]

    public init() {}

    /// Of members of the same name the last one stays.
    public init(_ members: [(String, JSONValue)]) {
        for (name, value) in members { self[name] = value }
    }

    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

    /// The members, in order.
    public var members: [(name: String, value: JSONValue)] {
        names.compactMap { name in values[name].map { (name, $0) } }
    }

    public var count: Int { names.count }

    public var isEmpty: Bool { names.isEmpty }

    /// A member's value; setting nil removes the member, a new one goes to the end.
    public subscript(name: String) -> JSONValue? {
        get { values[name] }
        set {
            let isThere = values.updateValue(newValue ?? .null, forKey: name) != nil
            if newValue == nil {
                values[name] = nil
                names.removeAll { $0 == name }
            } else if !isThere {
                names.append(name)
            }
        }
    }

    public static func == (lhs: JSONObject, rhs: JSONObject) -> Bool { lhs.values == rhs.values }
}

extension JSONObject: JSONReadable, JSONWritable {
    /// A repeated name is a violation.
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> JSONObject? {
        guard try json.beginObject() else { return nil }
        var object = JSONObject()
        var isComplete = true
        while let key = try json.nextKey() {
            let name = key.string
            if object[name] != nil { json.validation.report(rule: "duplicate", "is there more than once") }
            if let value = try JSONValue.read(from: &json) { object[name] = value } else { isComplete = false }
        }
        return isComplete ? object : nil
    }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        for (name, value) in members {
            json.key(name)
            value.write(to: &json)
        }
        json.endObject()
    }
}
