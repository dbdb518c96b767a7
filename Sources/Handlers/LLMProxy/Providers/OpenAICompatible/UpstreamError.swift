import APISupport

/// What an upstream says in an error answer, made fit for the proxy's caller.
enum UpstreamError {
    /// The failure for an error status. `body` is the beginning of the answer; `secret` is taken out of what is passed on.
    static func failure(status: Int, body: [UInt8], retryAfter: String?, secret: String?) -> ProviderFailure {
        let code = ProviderFailure.Code(upstreamStatus: status)
        // Answers about credentials quote them: nothing of those goes on.
        let said = code == .credentialsRefused ? nil : message(in: body, secret: secret)
        return ProviderFailure(
            code, "The upstream answered \(status)" + (said.map { ": \($0)" } ?? "."), upstreamStatus: status,
            retryAfter: retryAfter.flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil })
    }

    /// The text of an OpenAI error object, and of its dialects: `{error: {message}}`, `{error: text}`, `{message}`, `{detail}`, or one of these in
    /// an array. At most 500 characters of it.
    static func message(in body: [UInt8], secret: String?) -> String? {
        guard let json = try? JSONReader.decode(JSONValue.self, from: body) else { return nil }
        let object = json.objectValue ?? json.arrayValue?.first?.objectValue
        let error = object?["error"]
        let text =
            error?.objectValue?["message"]?.stringValue ?? error?.stringValue ?? object?["message"]?.stringValue
            ?? object?["detail"]?.stringValue
        guard var text, !text.isEmpty else { return nil }
        if let secret, !secret.isEmpty { text = text.replacing(secret, with: "***") }
        return String(text.prefix(500))
    }
}
