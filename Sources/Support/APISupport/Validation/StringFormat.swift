/// Formats of strings that are asserted (JSON Schema 2020-12 §7.3).
public enum StringFormat: String, Sendable, CaseIterable {
    /// RFC 9562 §4 in its text form.
    case uuid
    /// RFC 3986 §3, absolute (with a scheme).
    case uri
    /// RFC 3986 §4.1: a URI or a relative reference.
    case uriReference = "uri-reference"
    /// RFC 5321 §4.1.2, without quoted local parts.
    case email
    /// RFC 3339 full-date.
    case date
    /// RFC 3339 full-time.
    case time
    /// ISO 8601 duration (RFC 3339 appendix A).
    case duration
    /// RFC 2673 §3.2 dotted quad.
    case ipv4
    /// RFC 4291 §2.2.
    case ipv6
    /// RFC 1123 §2.1.
    case hostname

    /// Whether `text` is in the format.
    public func accepts(_ text: String) -> Bool {
        var text = text
        return switch self {
        case .uuid: text.withUTF8 { FormatCheck.isUUID($0) }
        case .email: text.withUTF8 { FormatCheck.isEmail($0) }
        case .hostname: text.withUTF8 { FormatCheck.isHostname($0) }
        case .uri: FormatCheck.isURI(Self.bytes(text))
        case .date: CivilDate(Self.bytes(text)) != nil
        case .uriReference: FormatCheck.isURIReference(Self.bytes(text))
        case .time: FormatCheck.isTime(text)
        case .duration: FormatCheck.isDuration(Self.bytes(text))
        case .ipv4: FormatCheck.isIPv4(Self.bytes(text))
        case .ipv6: FormatCheck.isIPv6(Self.bytes(text))
        }
    }

    private static func bytes(_ text: String) -> ArraySlice<UInt8> { ArraySlice([UInt8](text.utf8)) }

    /// With its article, for messages.
    var phrase: String {
        switch self {
        case .uuid: "a UUID"
        case .uri: "a URI"
        case .email: "an e-mail address"
        case .uriReference: "a URI reference"
        case .date: "a date (YYYY-MM-DD)"
        case .time: "a time (RFC 3339)"
        case .duration: "a duration (ISO 8601)"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .hostname: "a host name"
        }
    }
}
