/// A body of a declared range of media types, such as `image/*`, with the one that it has.
public struct MediaBody<Body: Sendable>: Sendable {
    /// Such as `image/png`.
    public var mediaType: String
    public var body: Body

    public init(_ body: Body, mediaType: String) {
        self.body = body
        self.mediaType = mediaType
    }

    /// Throws ``UndeclaredMediaType`` when the media type is not within `range`.
    func checked(_ range: StaticString) throws -> String {
        guard !mediaType.isEmpty, !mediaType.hasSuffix("/*"), MediaType.index(of: mediaType, in: [range]) != nil else {
            throw UndeclaredMediaType(mediaType: mediaType, declared: range.description)
        }
        return mediaType
    }
}

extension MediaBody: Equatable where Body: Equatable {}

/// A handler, or a caller, gave a body of another media type than the specification declares.
public struct UndeclaredMediaType: Error, Sendable, Equatable {
    public let mediaType: String
    public let declared: String
}
