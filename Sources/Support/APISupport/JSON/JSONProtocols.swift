/// A type that reads itself from JSON, checking its schema on the way.
public protocol JSONReadable: Sendable {
    /// Reads one value. Returns nil only after a violation was recorded in `json.validation`, with the reader behind the value.
    ///
    /// Throws only for text that is not JSON, or breaks a limit.
    static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Self?
}

/// A type that writes itself as JSON.
public protocol JSONWritable: Sendable {
    /// Writes one value.
    func write(to json: inout JSONWriter)
}
