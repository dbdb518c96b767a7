import APISupport
import AuthHandlers
import FoundationEssentials

/// What `codelab admin keys list` shows: no private key.
struct KeyReport: Sendable {
    let keys: [SigningKeyRotation.Key]

    /// A line a key.
    var table: String {
        TextTable.text(
            [["KEY", "STATE", "CREATED", "SIGNS FROM", "SIGNS UNTIL", "PUBLISHED UNTIL"]]
                + keys.map { key in
                    [key.kid, key.state.rawValue, Self.text(key.createdAt), Self.text(key.signsFrom), key.signsUntil.map(Self.text) ?? "-"]
                        + [key.publishedUntil.map(Self.text) ?? "-"]
                })
    }

    /// `{"keys": [{"kid", "state", "created_at", "signs_from", and of a key that has an end "signs_until", "published_until"}]}`.
    var json: JSONObject {
        JSONObject([("keys", .array(keys.map { .object(Self.json($0)) }))])
    }

    private static func json(_ key: SigningKeyRotation.Key) -> JSONObject {
        var object = JSONObject()
        object["kid"] = .string(key.kid)
        object["state"] = .string(key.state.rawValue)
        object["created_at"] = .string(text(key.createdAt))
        object["signs_from"] = .string(text(key.signsFrom))
        if let end = key.signsUntil { object["signs_until"] = .string(text(end)) }
        if let end = key.publishedUntil { object["published_until"] = .string(text(end)) }
        return object
    }

    /// Whole seconds, as in RFC 3339.
    static func text(_ date: Date) -> String { date.ISO8601Format() }
}
