/// Writes one JSON text (RFC 8259) into a byte array; commas and colons are its own business.
///
/// Not copyable: it is only ever lent (`inout`).
public struct JSONWriter: ~Copyable, Sendable {
    private var output: JSONOutput
    /// Which way the text goes.
    public var direction = JSONDirection.unknown
    /// The next member or element has one before it.
    private var needsComma = false

    public init() { self.init(capacity: 256) }

    /// A writer with room for that many bytes; it grows.
    init(capacity: Int) { output = JSONOutput(capacity: capacity) }

    /// What has been written, a copy.
    public var bytes: [UInt8] { output.bytes }

    /// The JSON text of `value`.
    public static func encode(_ value: some JSONWritable) -> [UInt8] {
        var json = JSONWriter(capacity: 2_048)
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
        output.appendString(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), following: 1)
        output.store(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A member's name; its value is to follow.
    public mutating func key(_ name: String) {
        separate()
        output.appendString(name, following: 1)
        output.store(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Scalars

    public mutating func write(_ value: String) {
        separate()
        output.appendString(value)
        needsComma = true
    }

    public mutating func write(_ value: StaticString) {
        separate()
        output.appendString(UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
        needsComma = true
    }

    public mutating func write(_ value: Bool) { writeToken(value ? "true" : "false") }

    public mutating func write(_ value: Int64) {
        separate()
        output.append(value)
        needsComma = true
    }

    public mutating func write(_ value: Int32) { write(Int64(value)) }

    public mutating func write(_ value: Int) { write(Int64(value)) }

    mutating func write(_ value: UInt64) {
        separate()
        output.append(value)
        needsComma = true
    }

    /// The shortest decimal that reads back as the same double. JSON has no infinity and no NaN (RFC 8259 §6): they are written as `null`.
    public mutating func write(_ value: Double) {
        guard value.isFinite else { return writeNull() }
        separate()
        output.append(value)
        needsComma = true
    }

    /// RFC 3339 text.
    public mutating func write(_ value: Timestamp) {
        separate()
        output.reserve(Timestamp.longestText + 2)
        output.store(UInt8(ascii: "\""))
        value.write { output.store($0) }
        output.store(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Base64 text (RFC 4648 §4).
    public mutating func writeBase64(_ value: [UInt8]) {
        separate()
        output.append(UInt8(ascii: "\""))
        Base64.encode(value).withUnsafeBufferPointer { output.append($0) }
        output.append(UInt8(ascii: "\""))
        needsComma = true
    }

    public mutating func writeNull() { writeToken("null") }

    /// The text of a number, or of another value whose JSON text is known to be well-formed.
    mutating func writeSource(_ text: String) {
        separate()
        output.append(text)
        needsComma = true
    }

    // MARK: Pieces

    private mutating func begin(_ bracket: UInt8) {
        separate()
        output.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        output.append(bracket)
        needsComma = true
    }

    private mutating func writeToken(_ token: StaticString) {
        separate()
        output.append(token)
        needsComma = true
    }

    @inline(__always)
    private mutating func separate() {
        if needsComma { output.append(UInt8(ascii: ",")) }
    }
}
