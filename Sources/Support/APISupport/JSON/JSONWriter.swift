/// Writes one JSON text (RFC 8259) into a byte array; commas and colons are its own business.
public struct JSONWriter: Sendable {
    /// What has been written.
    public var bytes: [UInt8] = []
    /// Which way the text goes.
    public var direction = JSONDirection.unknown
    /// The next member or element has one before it.
    private var needsComma = false

    public init() {}

    /// A writer with room for that many bytes.
    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// The JSON text of `value`.
    public static func encode(_ value: some JSONWritable) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        value.write(to: &json)
        return json.bytes
    }

    // MARK: Structure

    public mutating func beginObject() { begin(UInt8(ascii: "{")) }

    public mutating func endObject() { end(UInt8(ascii: "}")) }

    public mutating func beginArray() { begin(UInt8(ascii: "[")) }

    public mutating func endArray() { end(UInt8(ascii: "]")) }

    /// A member's name; its value is to follow.
    public mutating func key(_ name: StaticString) {
        separate()
        appendString(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A member's name; its value is to follow.
    public mutating func key(_ name: String) {
        separate()
        appendString(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Scalars

    public mutating func write(_ value: String) {
        separate()
        appendString(value)
        needsComma = true
    }

    public mutating func write(_ value: StaticString) {
        separate()
        appendString(UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
        needsComma = true
    }

    public mutating func write(_ value: Bool) { writeToken(value ? "true" : "false") }

    public mutating func write(_ value: Int64) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
        needsComma = true
    }

    public mutating func write(_ value: Int32) { write(Int64(value)) }

    public mutating func write(_ value: Int) { write(Int64(value)) }

    /// The shortest decimal that reads back as the same double. JSON has no infinity and no NaN (RFC 8259 §6): they are written as `null`.
    public mutating func write(_ value: Double) {
        guard value.isFinite else { return writeNull() }
        separate()
        bytes.append(contentsOf: value.description.utf8)
        needsComma = true
    }

    /// RFC 3339 text.
    public mutating func write(_ value: Timestamp) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        value.write { bytes.append($0) }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Base64 text (RFC 4648 §4).
    public mutating func writeBase64(_ value: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: Base64.encode(value))
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// The text of a number.
    mutating func writeNumber(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    public mutating func writeNull() { writeToken("null") }

    // MARK: Pieces

    /// A value whose JSON text is known to be well-formed.
    mutating func writeSource(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func writeToken(_ token: StaticString) {
        separate()
        bytes.append(contentsOf: UnsafeBufferPointer(start: token.utf8Start, count: token.utf8CodeUnitCount))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func appendString(_ value: String) {
        var value = value
        value.withUTF8 { appendString($0) }
    }

    /// Runs that need no escape are copied whole.
    private mutating func appendString(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for index in 0..<text.count {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: text[start..<index])
            appendEscape(byte)
            start = index + 1
        }
        bytes.append(contentsOf: text[start...])
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        default:
            bytes.append(contentsOf: [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")])
            bytes.append(HexDigits.lower(byte >> 4))
            bytes.append(HexDigits.lower(byte))
        }
    }
}
