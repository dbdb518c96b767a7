import APISupport

@testable import AuthHandlers

/// A signed token taken apart, without verifying it.
struct Token {
    let header: JSONObject
    let claims: JSONObject

    init(_ text: String) throws {
        let parts = text.split(separator: ".").map(String.init)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let claims = Base64URL.decode(parts[1]) else {
            throw MalformedToken()
        }
        self.header = try JSONReader.decode(JSONObject.self, from: header)
        self.claims = try JSONReader.decode(JSONObject.self, from: claims)
    }
}

extension Token {
    var keyID: String? { header["kid"]?.stringValue }
}

struct MalformedToken: Error {}
