public import HTTPTypes

/// A part that is a file: its bytes, and what its header says of them.
public struct MultipartFile: Sendable, Equatable {
    /// The name the file has on the sender's side: not to be trusted as a path.
    public var filename: String?
    /// nil: none was given.
    public var mediaType: String?
    /// The other fields of the part's header.
    public var headerFields: HTTPFields
    public var bytes: [UInt8]

    public init(_ bytes: [UInt8], filename: String? = nil, mediaType: String? = nil, headerFields: HTTPFields = HTTPFields()) {
        self.bytes = bytes
        self.filename = filename
        self.mediaType = mediaType
        self.headerFields = headerFields
    }
}

/// A part's value with fields of its own in the part's header.
public struct MultipartValue<Value: Sendable>: Sendable {
    public var value: Value
    public var headerFields: HTTPFields

    public init(_ value: Value, headerFields: HTTPFields = HTTPFields()) {
        self.value = value
        self.headerFields = headerFields
    }
}

extension MultipartValue: Equatable where Value: Equatable {}

/// A type that reads itself from the parts of a multipart body.
public protocol MultipartReadable: Sendable {
    /// Returns nil only after a violation was recorded in `parts.validation`.
    static func read(from parts: inout MultipartReader) -> Self?
}

/// A type that writes itself as the parts of a multipart body.
public protocol MultipartWritable: Sendable {
    func write(to parts: inout MultipartWriter)
}
