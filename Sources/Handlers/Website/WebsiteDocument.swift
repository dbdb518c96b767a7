/// A document of `specs/`, as the website gives it to whoever asks.
public struct WebsiteDocument: Sendable {
    /// The folder: an API, or `shared`.
    public let api: String
    /// The file in it.
    public let name: String
    public let content: [UInt8]

    /// - Returns: nil when the names are not those of a spec: small letters and hyphens, the file's with `.yaml` behind.
    public init?(api: String, name: String, content: [UInt8]) {
        guard Self.isPlain(api[...]), name.hasSuffix(".yaml"), Self.isPlain(name.dropLast(".yaml".count)) else { return nil }
        self.api = api
        self.name = name
        self.content = content
    }

    /// Below the website's root, without a slash before it. Nothing in it has to be escaped, in a URL or in HTML.
    var path: String { "specs/\(api)/\(name)" }

    private static func isPlain(_ name: Substring) -> Bool {
        (1...60).contains(name.utf8.count)
            && name.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-") }
    }
}
