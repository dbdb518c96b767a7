/// The `format`s this front end knows (JSON Schema 2020-12 validation, section 7.3; OpenAPI's format registry).
enum SchemaFormats {
    /// Checked while decoding.
    static let asserted: Set<String> = ["uuid", "uri", "email", "date", "ipv4", "ipv6", "hostname"]
    /// Known, and only told to readers.
    static let annotations: Set<String> = [
        "password", "uri-reference", "iri", "iri-reference", "uri-template", "idn-email", "idn-hostname", "time", "duration", "regex",
        "json-pointer", "relative-json-pointer", "url", "float", "double", "html", "markdown", "commonmark", "char", "media-range",
        "http-date", "decimal", "decimal128", "double-int", "sf-string", "sf-token", "jwt",
    ]
    /// Those that choose a Swift type.
    static let typed: Set<String> = ["date-time", "byte", "binary", "base64url", "int32", "int64"]

    /// The type a format speaks of, for schemas without `type`.
    static let types: [String: JSONType] = [
        "date-time": .string, "date": .string, "uuid": .string, "uri": .string, "email": .string, "byte": .string, "binary": .string,
        "hostname": .string, "ipv4": .string, "ipv6": .string, "password": .string, "int32": .integer, "int64": .integer, "float": .number,
        "double": .number,
    ]

    static func isKnown(_ format: String) -> Bool { asserted.contains(format) || annotations.contains(format) || typed.contains(format) }
}
