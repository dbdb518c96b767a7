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
        let bytes = ArraySlice([UInt8](text.utf8))
        switch self {
        case .uuid: return FormatCheck.isUUID(bytes)
        case .uri: return FormatCheck.isURI(bytes)
        case .email: return FormatCheck.isEmail(bytes)
        case .date: return CivilDate(bytes) != nil
        case .uriReference: return FormatCheck.isURIReference(bytes)
        case .time: return FormatCheck.isTime(text)
        case .duration: return FormatCheck.isDuration(bytes)
        case .ipv4: return FormatCheck.isIPv4(bytes)
        case .ipv6: return FormatCheck.isIPv6(bytes)
        case .hostname: return FormatCheck.isHostname(bytes)
        }
    }

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
