import APISupport
import CodegenModel
import HTTPTypes

/// An answer as it came over the wire.
struct Answer {
    var head: HTTPResponse
    var body: [UInt8]
    /// The body was left unread: a stream of events.
    var isStream: Bool

    var status: Int { head.status.code }
    /// The beginning of the body, for messages.
    var text: String { String(decoding: body.prefix(300), as: UTF8.self) }
    /// Without parameters, lower case.
    var mediaType: String? {
        head.headerFields[.contentType].map { value in
            let type = value.prefix { $0 != ";" }.lowercased()
            return String(type.drop { $0 == " " }.prefix { $0 != " " })
        }
    }
}

/// Holds an answer against the responses that its operation declares.
struct ResponseChecker {
    let schemas: SchemaIndex

    /// The declared response that the answer is, if any, and what is wrong with it.
    func check(_ answer: Answer, of operation: Operation) -> (Response?, [String]) {
        guard let response = declared(answer.status, of: operation) else {
            return (nil, ["status \(answer.status) is not declared"])
        }
        var messages: [String] = []
        for header in response.headers where header.isRequired {
            if let name = HTTPField.Name(header.name), answer.head.headerFields[name] == nil {
                messages.append("the header \(header.name) of \(answer.status) is missing")
            }
        }
        if response.contents.isEmpty {
            if !answer.body.isEmpty { messages.append("\(answer.status) declares no body, but has one") }
            return (response, messages)
        }
        let content = response.contents.first { $0.mediaType == answer.mediaType } ?? response.contents.first { $0.holds(answer.mediaType) }
        guard let content else {
            return (response, messages + ["content type \(answer.mediaType ?? "(none)") of \(answer.status) is not declared"])
        }
        return (response, messages + check(answer, against: content))
    }

    /// What is wrong with the answer to a request that no operation takes: it is a problem of its status.
    func checkUnrouted(_ answer: Answer) -> [String] {
        guard answer.mediaType == "application/problem+json" else { return ["is no problem+json, but \(answer.mediaType ?? "(none)")"] }
        var messages = check(answer, against: Content(mediaType: "", swiftName: "", kind: .json(TypeUse(.external("Problem")))))
        if answer.status == 405, answer.head.headerFields[.allow] == nil { messages.append("405 without Allow") }
        return messages
    }

    /// The pointers in the `errors` of a problem; nil for another kind of error object.
    func violationPointers(_ answer: Answer) -> [String]? {
        guard answer.mediaType == "application/problem+json", case .object(let members)? = json(answer.body),
            case .array(let errors)? = members["errors"]
        else { return nil }
        return errors.compactMap { error in
            guard case .object(let members) = error, case .string(let pointer)? = members["pointer"] else { return nil }
            return pointer
        }
    }

    private func declared(_ status: Int, of operation: Operation) -> Response? {
        operation.responses.first { $0.status == .code(status) }
            ?? operation.responses.first { $0.status == .range(status / 100) }
            ?? operation.responses.first { $0.status == .default }
    }

    private func check(_ answer: Answer, against content: Content) -> [String] {
        switch content.kind {
        case .form: return []
        case .jsonLines(let use): return items(answer.body, separator: 0x0A, use)
        case .jsonSequence(let use): return items(answer.body, separator: 0x1E, use)
        case .multipart, .multipartStream:
            return answer.head.headerFields[.contentType]?.contains("boundary=") == true ? [] : ["the body has no boundary"]
        case .json(let use):
            guard let value = json(answer.body) else { return ["the body is no JSON: \(answer.text)"] }
            return SchemaChecker(schemas: schemas).findings(value, against: use).map { "body \($0)" }
        case .text: return String(validating: answer.body, as: UTF8.self) == nil ? ["the body is not UTF-8"] : []
        case .binary, .byteStream: return []
        case .eventStream, .textEventStream: return answer.isStream ? [] : ["the body is no event stream"]
        }
    }

    private func items(_ bytes: [UInt8], separator: UInt8, _ use: TypeUse) -> [String] {
        bytes.split(separator: separator).enumerated().flatMap { index, item -> [String] in
            guard let value = json(Array(item)) else { return ["item \(index) is no JSON"] }
            return SchemaChecker(schemas: schemas).findings(value, against: use).map { "item \(index) \($0)" }
        }
    }

    private func json(_ bytes: [UInt8]) -> JSONValue? {
        try? JSONReader.decode(JSONValue.self, from: bytes)
    }
}

extension Content {
    /// Whether a media type lies within this one, when it is a range.
    fileprivate func holds(_ type: String?) -> Bool {
        guard let type, mediaType.hasSuffix("/*") else { return false }
        return mediaType == "*/*" || type.hasPrefix(mediaType.dropLast())
    }
}
