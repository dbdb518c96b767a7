/// One thing that is wrong with a request or a message.
public struct Violation: Sendable, Equatable {
    /// Where: a JSON pointer into the body (RFC 6901), or `query:name`, `path:name`, `header:name`, `cookie:name`.
    public var pointer: String
    /// The JSON Schema keyword that does not hold, such as `minLength`; `duplicate` for a name given twice.
    public var rule: String
    /// What is wrong, for people.
    public var message: String

    public init(pointer: String, rule: String, message: String) {
        self.pointer = pointer
        self.rule = rule
        self.message = message
    }
}

extension Violation: JSONReadable, JSONWritable {
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Violation? {
        guard try json.beginObject() else { return nil }
        var pointer: String?
        var rule: String?
        var message: String?
        while let key = try json.nextKey() {
            switch key {
            case "pointer": pointer = try json.readString()
            case "rule": rule = try json.readString()
            case "message": message = try json.readString()
            default: try json.skipValue()
            }
        }
        if pointer == nil { json.validation.missing("pointer") }
        if rule == nil { json.validation.missing("rule") }
        if message == nil { json.validation.missing("message") }
        guard let pointer, let rule, let message else { return nil }
        return Violation(pointer: pointer, rule: rule, message: message)
    }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("pointer")
        json.write(pointer)
        json.key("rule")
        json.write(rule)
        json.key("message")
        json.write(message)
        json.endObject()
    }
}
