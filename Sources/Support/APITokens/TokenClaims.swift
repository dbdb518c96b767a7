internal import APISupport

/// The header of a signed token (RFC 7515 §4.1), as far as it counts here.
struct TokenHeader: JSONReadable {
    var algorithm: String
    var keyID: String?
    /// Extensions that must be understood (`crit`): none is.
    var isCritical: Bool

    static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> TokenHeader? {
        guard try json.beginObject() else { return nil }
        var algorithm: String?
        var keyID: String?
        var isCritical = false
        while let key = try json.nextKey() {
            switch key {
            case "alg": algorithm = try json.readString()
            case "kid": keyID = try json.readString()
            case "crit":
                isCritical = true
                try json.skipValue()
            default: try json.skipValue()
            }
        }
        guard let algorithm else {
            json.validation.missing("alg")
            return nil
        }
        return TokenHeader(algorithm: algorithm, keyID: keyID, isCritical: isCritical)
    }
}

/// The claims of an access token (RFC 7519 §4.1, RFC 9068 §2.2).
struct TokenClaims: JSONReadable {
    var issuer: String?
    var subject: String?
    var audiences: [String] = []
    var expiresAt: Double?
    var notBefore: Double?
    var clientID: String?
    var scope: String?
    var type: String?

    static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> TokenClaims? {
        guard try json.beginObject() else { return nil }
        var claims = TokenClaims()
        var seen: UInt64 = 0
        while let key = try json.nextKey() {
            switch key {
            case "iss":
                json.markSeen(&seen, 0)
                claims.issuer = try json.readString()
            case "sub":
                json.markSeen(&seen, 1)
                claims.subject = try json.readString()
            case "aud":
                json.markSeen(&seen, 2)
                claims.audiences = try readAudiences(from: &json)
            case "exp":
                json.markSeen(&seen, 3)
                claims.expiresAt = try json.readDouble()
            case "nbf":
                json.markSeen(&seen, 4)
                claims.notBefore = try json.readDouble()
            case "client_id":
                json.markSeen(&seen, 5)
                claims.clientID = try json.readString()
            case "scope":
                json.markSeen(&seen, 6)
                claims.scope = try json.readString()
            case "type":
                json.markSeen(&seen, 7)
                claims.type = try json.readString()
            default: try json.skipValue()
            }
        }
        return claims
    }

    /// One audience, or several (RFC 7519 §4.1.3).
    private static func readAudiences(from json: inout JSONReader) throws(JSONSyntaxError) -> [String] {
        if try json.nextKind == .array { return try [String].read(from: &json) ?? [] }
        return try json.readString().map { [$0] } ?? []
    }
}

/// Base64 with the URL-safe alphabet, unpadded (RFC 4648 §5, RFC 7515 §2).
enum Base64URL {
    static func decode(_ text: Substring) -> [UInt8]? {
        var standard = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-"): standard += "+"
            case UInt8(ascii: "_"): standard += "/"
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            default: standard.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        return Base64.decode(standard)
    }
}
