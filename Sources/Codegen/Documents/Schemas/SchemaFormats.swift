/// The `format`s this front end knows (JSON Schema 2020-12 validation, section 7.3; OpenAPI's format registry).
enum SchemaFormats {
    /// Checked while decoding.
    static let asserted: Set<String> = ["uuid", "uri", "uri-reference", "email", "date", "time", "duration", "ipv4", "ipv6", "hostname"]
    /// Known, and only told to readers.
    static let annotations: Set<String> = [
        "password", "iri", "iri-reference", "uri-template", "idn-email", "idn-hostname", "regex",
        "json-pointer", "relative-json-pointer", "url", "float", "double", "html", "commonmark", "char", "media-range",
        "http-date", "sf-string", "sf-token", "jwt",
    ]
    /// Those that choose a Swift type.
    static let typed: Set<String> = [
        "date-time", "byte", "binary", "base64", "base64url", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32",
        "uint64",
        "decimal", "decimal128", "bigint",
    ]
    /// Numbers that keep their digits.
    static let exact: Set<String> = ["decimal", "decimal128", "bigint"]

    /// The type a format speaks of, for schemas without `type`.
    static let types: [String: JSONType] = [
        "date-time": .string, "date": .string, "uuid": .string, "uri": .string, "email": .string, "byte": .string, "binary": .string,
        "hostname": .string, "ipv4": .string, "ipv6": .string, "password": .string, "int32": .integer, "int64": .integer, "float": .number,
        "double": .number, "int8": .integer, "int16": .integer, "uint": .integer, "uint8": .integer, "uint16": .integer, "uint32": .integer,
        "uint64": .integer, "time": .string, "duration": .string, "uri-reference": .string, "base64": .string, "base64url": .string,
    ]

    /// Whether a string of the format is kept as text; true without a format.
    static func isText(_ format: String?) -> Bool { format.map { !typed.contains($0) } ?? true }

    static func isKnown(_ format: String) -> Bool { asserted.contains(format) || annotations.contains(format) || typed.contains(format) }
}
