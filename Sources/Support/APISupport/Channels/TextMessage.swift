/// A message that is its text: of a channel on which nothing else goes the same way.
public struct TextMessage: Sendable, Equatable, ExpressibleByStringLiteral {
    public var text: String

    public init(_ text: String) { self.text = text }

    public init(stringLiteral value: String) { text = value }
}

/// Where it is part of JSON, a string.
extension TextMessage: JSONReadable, JSONWritable {
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> TextMessage? { try json.readString().map { Self($0) } }

    public func write(to json: inout JSONWriter) { json.write(text) }
}

/// What a frame holds of a message.
enum MessageFrame {
    static func encode(_ message: some JSONWritable) -> [UInt8] {
        if let message = message as? TextMessage { return [UInt8](message.text.utf8) }
        return JSONWriter.encode(message)
    }

    static func decode<Message: JSONReadable>(_ type: Message.Type, from frame: [UInt8]) throws(RequestFailure) -> Message {
        guard type == TextMessage.self else { return try JSONReader.decode(type, from: frame) }
        guard UTF8Check.isValid(frame), let text = TextMessage(String(decoding: frame, as: UTF8.self)) as? Message else {
            throw RequestFailure(.malformedBody, detail: "The text is not UTF-8.")
        }
        return text
    }
}
