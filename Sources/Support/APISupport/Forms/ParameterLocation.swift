/// Where a parameter travels in a request (OpenAPI 3.1 §4.8.12.1).
public enum ParameterLocation: String, Sendable, CustomStringConvertible {
    case path, query, header, cookie

    public var description: String { rawValue }
}
