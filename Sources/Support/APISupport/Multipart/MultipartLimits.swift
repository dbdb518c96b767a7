/// What a multipart body may cost its reader.
public struct MultipartLimits: Sendable, Equatable {
    /// Parts in one body.
    public var parts: Int
    /// Bytes of one part's header.
    public var headerSize: Int
    /// Fields in one part's header.
    public var headerFields: Int
    /// Bytes before the first delimiter.
    public var preambleSize: Int

    public init(parts: Int = 1_000, headerSize: Int = 16_384, headerFields: Int = 64, preambleSize: Int = 65_536) {
        self.parts = parts
        self.headerSize = headerSize
        self.headerFields = headerFields
        self.preambleSize = preambleSize
    }
}

/// Why bytes are no multipart body.
enum MultipartFailure: Error, Equatable, CustomStringConvertible {
    case noBoundary, preambleTooLarge, malformedDelimiter, malformedHeader, headerTooLarge, tooManyHeaderFields, tooManyParts, unexpectedEnd

    var description: String {
        switch self {
        case .noBoundary: "the media type names no boundary"
        case .preambleTooLarge: "there is too much before the first part"
        case .malformedDelimiter: "a delimiter is malformed"
        case .malformedHeader: "a part's header is malformed"
        case .headerTooLarge: "a part's header is too large"
        case .tooManyHeaderFields: "a part's header has too many fields"
        case .tooManyParts: "there are too many parts"
        case .unexpectedEnd: "the last delimiter is missing"
        }
    }
}
