/// Where a parameter travels in a request (OpenAPI 3.2 §4.12.1).
public enum ParameterLocation: String, Sendable, CustomStringConvertible {
    case path, query, header, cookie
    /// The whole query.
    case querystring

    public var description: String { rawValue }
}
