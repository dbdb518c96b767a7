/// Where an API is served: the URL of one of its document's servers.
public struct ServerLocation: Sendable, Equatable {
    /// Scheme, authority and path.
    public let url: String

    public init(url: String) { self.url = url }

    /// - Parameters:
    ///   - template: The URL with variables in braces.
    ///   - variables: What stands in their place.
    ///   - origin: Scheme and authority in front of a template that has none (RFC 3986 §5.2, with the document at the root).
    public init(_ template: StaticString, variables: [String: String], origin: String = "") {
        var url = ""
        var rest = template.description[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            url += rest[..<open]
            url += variables[String(rest[rest.index(after: open)..<close])] ?? ""
            rest = rest[rest.index(after: close)...]
        }
        url += rest
        guard !origin.isEmpty else {
            self.url = url
            return
        }
        while url.hasPrefix("./") || url.hasPrefix("../") {
            url = String(url[url.index(after: url.firstIndex(of: "/") ?? url.startIndex)...])
        }
        self.url = (origin.hasSuffix("/") ? String(origin.dropLast()) : origin) + (url.hasPrefix("/") || url.isEmpty ? url : "/" + url)
    }
}
