/// The standard types that JSON has a form for. Bytes have one too, base64 text, through `readBase64()` and `writeBase64(_:)`: an array can
/// only conform by its elements.
extension String: JSONReadable, JSONWritable {
    @inlinable
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> String? { try json.readString() }

    @inlinable
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Bool: JSONReadable, JSONWritable {
    @inlinable
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Bool? { try json.readBool() }

    @inlinable
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Int32: JSONReadable, JSONWritable {
    @inlinable
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Int32? { try json.readInt32() }

    @inlinable
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Int64: JSONReadable, JSONWritable {
    @inlinable
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Int64? { try json.readInt64() }

    @inlinable
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Double: JSONReadable, JSONWritable {
    @inlinable
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Double? { try json.readDouble() }

    @inlinable
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Timestamp: JSONReadable, JSONWritable {
    @inlinable
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Timestamp? { try json.readTimestamp() }

    @inlinable
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Array: JSONReadable where Element: JSONReadable {
    @inlinable
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> [Element]? {
        try json.readArray { (json: inout JSONReader) throws(JSONSyntaxError) -> Element? in try Element.read(from: &json) }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    @inlinable
    public func write(to json: inout JSONWriter) { json.writeArray(self) { $0.write(to: &$1) } }
}

extension Dictionary: JSONReadable where Key == String, Value: JSONReadable {
    @inlinable
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> [String: Value]? {
        try json.readMap { (json: inout JSONReader) throws(JSONSyntaxError) -> Value? in try Value.read(from: &json) }
    }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    @inlinable
    public func write(to json: inout JSONWriter) { json.writeMap(self) { $0.write(to: &$1) } }
}
