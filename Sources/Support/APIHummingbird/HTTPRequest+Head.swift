internal import HTTPTypes
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1

extension HTTPRequest {
    /// nil when the method is none.
    ///
    /// As NIO makes it, which parses every target as a URL: only the absolute form (RFC 9112 §3.2.2) needs that.
    init?(_ head: HTTPRequestHead) {
        guard head.uri.utf8.first == UInt8(ascii: "/") else {
            guard let request = try? HTTPRequest(head, secure: false, splitCookie: true) else { return nil }
            self = request
            return
        }
        guard let method = try? Method(head.method) else { return nil }
        var authority: String?
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        for (rawName, value) in head.headers {
            guard let name = HTTPField.Name(rawName) else { continue }
            if name.canonicalName == "host" {
                if authority == nil { authority = value } else { fields.append(HTTPField(name: name, value: value)) }
            } else if name == .cookie {
                for pair in value.split(separator: "; ", omittingEmptySubsequences: false) {
                    fields.append(HTTPField(name: name, value: String(pair)))
                }
            } else {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        self.init(method: method, scheme: "http", authority: authority, path: head.uri, headerFields: fields)
    }
}
