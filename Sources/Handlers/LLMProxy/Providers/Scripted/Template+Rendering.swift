import APISupport

extension Template {
    /// The text with its places filled in. What the conversation does not have is named in brackets, so that a wrong script shows.
    func render(_ conversation: Conversation) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .place(let source, let filters): text += filters.reduce(Self.value(of: source, in: conversation)) { $1.apply(to: $0) }
            }
        }
        return text
    }

    private static func value(of source: Source, in conversation: Conversation) -> String {
        switch source {
        case .user:
            return conversation.userText
        case .result(let label, let pointer):
            guard let result = conversation.result(label: label) else { return "(no result of \(label ?? "any tool"))" }
            return pointer.isEmpty ? result : member(pointer, of: result) ?? result
        }
    }

    /// The value at a JSON pointer in a text that is JSON: a string as it is, anything else as JSON, several values a line each.
    ///
    /// The runtime puts what the user changed or said in lines before a result: then the last line is the JSON.
    private static func member(_ pointer: String, of text: String) -> String? {
        guard let root = json(text[...]) ?? text.lastIndex(of: "\n").flatMap({ json(text[$0...]) }) else { return nil }
        var values = [root]
        for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = String(token).replacing("~1", with: "/").replacing("~0", with: "~")
            values = values.flatMap { children(of: $0, named: name) }
        }
        guard !values.isEmpty || pointer.contains("*") else { return nil }
        return values.map { $0.stringValue ?? String(decoding: JSONWriter.encode($0), as: UTF8.self) }.joined(separator: "\n")
    }

    private static func json(_ text: Substring) -> JSONValue? { try? JSONReader.decode(JSONValue.self, from: Array(text.utf8)) }

    private static func children(of value: JSONValue, named name: String) -> [JSONValue] {
        switch value {
        case .object(let object): object[name].map { [$0] } ?? []
        case .array(let elements) where name == "*": elements
        case .array(let elements): Int(name).flatMap { elements.indices.contains($0) ? [elements[$0]] : nil } ?? []
        default: []
        }
    }
}

extension Template.Filter {
    func apply(to text: String) -> String {
        switch self {
        case .lines(let count): Self.mapLines(text) { $0.prefix(count) }
        case .characters(let count): String(text.prefix(count))
        case .containing(let part): Self.mapLines(text) { $0.filter { $0.contains(part) } }
        case .countLines: String(Self.lines(text).count)
        case .trim: String(Substring(text).trimmed)
        case .trimmedLines: Self.mapLines(text) { $0.map(\.trimmed) }
        case .bullets: Self.mapLines(text) { $0.map { "- \($0)" } }
        case .number: Double(text) == nil ? "0" : text
        case .quoted: Self.mapLines(text) { $0.map { $0.isEmpty ? ">" : "> \($0)" } }
        }
    }

    /// The last line's end begins no line of its own.
    private static func lines(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func mapLines(_ text: String, _ transform: ([Substring]) -> some Sequence<some StringProtocol>) -> String {
        transform(lines(text)).map { String($0) }.joined(separator: "\n")
    }
}

extension TemplateValue {
    /// The value with the places of its strings filled in.
    func render(_ conversation: Conversation) -> JSONValue {
        switch self {
        case .literal(let value): return value
        case .text(let template): return .string(template.render(conversation))
        case .array(let elements): return .array(elements.map { $0.render(conversation) })
        case .object(let members):
            var object: JSONObject = [:]
            for (name, value) in members { object[name] = value.render(conversation) }
            return .object(object)
        }
    }
}
