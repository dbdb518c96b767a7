/// One entry of a `content` map.
public struct Content: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// `application/json` and `+json`.
        case json(TypeUse)
        /// `application/x-www-form-urlencoded`: an object, or a map.
        case form(TypeUse, FormEncoding)
        /// `text/*` but for event streams, and XML: a String.
        case text
        /// Anything else: bytes.
        case binary
        /// Bytes as they come (`x-streaming: true`).
        case byteStream
        /// `text/event-stream` whose events carry `data` as JSON of this type; ``terminator`` is a data text that ends the stream (OpenAI's `[DONE]`).
        case eventStream(data: TypeUse, terminator: String?)
        /// `text/event-stream` whose data is text.
        case textEventStream(terminator: String?)
        /// One JSON text a line: `application/jsonl`, `application/x-ndjson`.
        case jsonLines(TypeUse)
        /// `application/json-seq` (RFC 7464).
        case jsonSequence(TypeUse)
        /// `multipart/*` with an object's properties as its parts.
        case multipart(MultipartType)
        /// `multipart/*` part by part, as they come.
        case multipartStream
    }

    /// Without parameters, lower case.
    public var mediaType: String
    /// Parameters that belong to the media type, such as `version=1`: a body must have them to be of this content. `charset` is none.
    public var mediaTypeParameters: [String]
    /// Case name when there are several: `json`, `form`, `html`, ...
    public var swiftName: String
    public var kind: Kind
    /// Which way it goes, where what is in it depends on that: it holds properties that are read-only or write-only.
    public var direction: Direction?

    /// Whose values a body carries: read-only properties are the service's own, write-only ones its callers'.
    public enum Direction: String, Sendable, Equatable { case request, response }

    public init(mediaType: String, mediaTypeParameters: [String] = [], swiftName: String, kind: Kind) {
        self.mediaType = mediaType
        self.mediaTypeParameters = mediaTypeParameters
        self.swiftName = swiftName
        self.kind = kind
    }

    /// As it stands in a header field.
    public var fullMediaType: String { ([mediaType] + mediaTypeParameters).joined(separator: "; ") }
}

/// How the fields of a form are written.
public struct FormEncoding: Sendable, Equatable {
    /// The fields that are not written the default way.
    public var fields: [FieldEncoding]
    /// A field with an empty value counts as absent (`x-empty-as-absent`; RFC 6749, section 3.2).
    public var emptyIsAbsent: Bool

    public init(fields: [FieldEncoding] = [], emptyIsAbsent: Bool = false) {
        self.fields = fields
        self.emptyIsAbsent = emptyIsAbsent
    }
}

/// An Encoding Object of a form's field.
public struct FieldEncoding: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case style(ParameterStyle, explode: Bool, allowReserved: Bool)
        /// `contentType: application/json`.
        case json
    }

    public var name: String
    public var kind: Kind

    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// A multipart body whose parts are the properties of an object, or the items of an array.
public struct MultipartType: Sendable, Equatable {
    public struct Part: Sendable, Equatable {
        public enum Kind: Sendable, Equatable {
            /// `text/plain`.
            case text(TypeUse)
            /// JSON.
            case json(TypeUse)
            /// Bytes, with the file's name and media type.
            case file
        }

        public var name: String
        public var swiftName: String
        public var description: String?
        public var isRequired: Bool
        /// Any number of parts of this name.
        public var isRepeated: Bool
        /// Limits of that number.
        public var constraints: Constraints
        public var kind: Kind
        /// What the Encoding Object says; nil for what is standard.
        public var contentType: String?
        /// Names of header fields that each part must have.
        public var requiredHeaders: [String]

        public init(
            name: String, swiftName: String, description: String? = nil, isRequired: Bool, isRepeated: Bool = false,
            constraints: Constraints = Constraints(), kind: Kind, contentType: String? = nil, requiredHeaders: [String] = []
        ) {
            self.name = name
            self.swiftName = swiftName
            self.description = description
            self.isRequired = isRequired
            self.isRepeated = isRepeated
            self.constraints = constraints
            self.kind = kind
            self.contentType = contentType
            self.requiredHeaders = requiredHeaders
        }
    }

    /// In the operation's namespace.
    public var typeName: String
    public var parts: [Part]
    /// `additionalProperties: false`, `items: false`: another part is a violation.
    public var isClosed: Bool
    /// The parts are those of an array: known by their places, without names.
    public var isPositional: Bool
    /// What every other part is, when they are kept: those of other names, or those after the array's first ones.
    public var others: Part?
    /// Limits of the number of all parts.
    public var count = Constraints()

    public init(typeName: String, parts: [Part], isClosed: Bool = false, isPositional: Bool = false, others: Part? = nil) {
        self.typeName = typeName
        self.parts = parts
        self.isClosed = isClosed
        self.isPositional = isPositional
        self.others = others
    }
}
