/// The words that a generated identifier must treat with care.
enum ReservedNames {
    /// Written in one case: small as the first word of a lower-camel name, as here elsewhere.
    static let initialisms: [String: String] = [
        "api": "API", "apis": "APIs", "html": "HTML", "http": "HTTP", "https": "HTTPS", "id": "ID", "ids": "IDs", "ip": "IP",
        "json": "JSON", "jwk": "JWK", "jwks": "JWKS", "jwt": "JWT", "jwts": "JWTs", "llm": "LLM", "llms": "LLMs", "pkce": "PKCE",
        "sse": "SSE", "uri": "URI", "uris": "URIs", "url": "URL", "urls": "URLs", "uuid": "UUID", "uuids": "UUIDs",
    ]

    /// Swift's keywords that cannot name a declaration without backticks.
    static let keywords: Set<String> = [
        "Any", "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else", "enum",
        "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "inout", "internal", "is", "let",
        "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "static", "struct",
        "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    /// Names that even in backticks mean something else after a dot, or hide what generated code itself uses; they get the suffix `Value`.
    static let memberSuffixed: Set<String> = ["init", "self", "Type", "Protocol", "Self", "_"]

    /// A type of one of these names, declared inside `Schemas`, would hide the one that generated code means.
    static let typeSuffixed: Set<String> = [
        "Any", "Array", "Bool", "CaseIterable", "Dictionary", "Double", "Equatable", "ExactNumber", "Hashable", "Int", "Int32", "Int64",
        "JSONKey",
        "JSONObject", "JSONReadable", "JSONReader", "JSONSyntaxError", "JSONValue", "JSONWritable", "JSONWriter", "MemberNames",
        "MemberSet", "Never", "Optional", "Pattern", "Protocol",
        "RawRepresentable", "Self", "Sendable", "Set", "StaticString", "String", "Timestamp", "Type", "UInt64", "UInt8", "Violation",
        "Void", "_",
    ]
}
