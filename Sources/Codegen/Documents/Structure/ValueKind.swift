/// What the value of a field must be.
indirect enum ValueKind: Sendable {
    case any
    case string
    /// A string that people often leave unquoted though it looks like a number or a boolean; read as it is written.
    case text
    case boolean
    case number
    /// An integer of 0 or more.
    case count
    /// One of these strings.
    case choice([String])
    /// A URI reference; one that is none is a warning, since nothing is fetched from it.
    case url
    /// A URI with its scheme.
    case uri
    /// `type` of a schema.
    case schemaType
    /// `exclusiveMinimum`, `exclusiveMaximum`: a flag in 3.0, a number since.
    case exclusiveBound
    case schema
    /// A schema, or true or false, in every version.
    case schemaOrFlag
    /// No Reference Object may stand in its place.
    case object(ObjectKind)
    /// An object, or a Reference Object in its place.
    case referable(ObjectKind)
    case list(ValueKind, isNonEmpty: Bool)
    case map(ValueKind, keys: KeyKind)

    static func list(_ element: ValueKind) -> ValueKind { .list(element, isNonEmpty: false) }
    static func map(_ value: ValueKind) -> ValueKind { .map(value, keys: .any) }
}

/// What the keys of a map must be.
enum KeyKind: Sendable {
    case any
    /// `^[a-zA-Z0-9._-]+$` (Components Object).
    case component
    /// A token of HTTP (RFC 9110, section 5.6.2): the name of a header.
    case token
    /// A media type or range of them (RFC 9110, section 12.5.1).
    case mediaRange
    /// A method that has no field of its own (OpenAPI 3.2, Path Item Object).
    case method
}
