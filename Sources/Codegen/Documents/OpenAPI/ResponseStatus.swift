import CodegenModel

/// Keys of a Responses Object and the names they get.
enum ResponseStatus {
    static func parse(_ key: String) -> Response.Status? {
        if key == "default" { return .default }
        guard key.utf8.count == 3, let hundreds = key.first.flatMap({ Int(String($0)) }), (1...5).contains(hundreds) else { return nil }
        if key.hasSuffix("XX") { return .range(hundreds) }
        return Int(key).map { .code($0) }
    }

    /// The words of the status, from which case and type names are made.
    static func words(_ status: Response.Status) -> String {
        switch status {
        case .code(let code): phrases[code] ?? "status \(code)"
        case .range(let hundreds): ["informational", "successful", "redirection", "client error", "server error"][hundreds - 1]
        case .default: "default"
        }
    }

    /// Exact statuses, then ranges, then default.
    static func precedes(_ lhs: Response.Status, _ rhs: Response.Status) -> Bool { rank(lhs) < rank(rhs) }

    private static func rank(_ status: Response.Status) -> Int {
        switch status {
        case .code(let code): code
        case .range(let hundreds): 1000 + hundreds
        case .default: 2000
        }
    }

    /// RFC 9110, section 15, and the codes registered with IANA.
    private static let phrases: [Int: String] = [
        100: "continue", 101: "switching protocols", 102: "processing", 103: "early hints", 200: "ok", 201: "created", 202: "accepted",
        203: "non authoritative information", 204: "no content", 205: "reset content", 206: "partial content", 207: "multi status",
        300: "multiple choices", 301: "moved permanently", 302: "found", 303: "see other", 304: "not modified", 307: "temporary redirect",
        308: "permanent redirect", 400: "bad request", 401: "unauthorized", 402: "payment required", 403: "forbidden", 404: "not found",
        405: "method not allowed", 406: "not acceptable", 407: "proxy authentication required", 408: "request timeout", 409: "conflict",
        410: "gone", 411: "length required", 412: "precondition failed", 413: "content too large", 414: "uri too long",
        415: "unsupported media type", 416: "range not satisfiable", 417: "expectation failed", 421: "misdirected request",
        422: "unprocessable content", 423: "locked", 424: "failed dependency", 425: "too early", 426: "upgrade required",
        428: "precondition required", 429: "too many requests", 431: "request header fields too large",
        451: "unavailable for legal reasons", 500: "internal server error", 501: "not implemented", 502: "bad gateway",
        503: "service unavailable", 504: "gateway timeout", 505: "http version not supported", 507: "insufficient storage",
        511: "network authentication required",
    ]
}
