internal import APISupport

/// An assistant's tool calls as the text that a repository keeps: `[[id, name, arguments], …]`.
public struct StoredToolCalls: Sendable {
    /// What a repository holds is no such text.
    public struct Invalid: Error, Sendable {
        public let cause: (any Error)?
    }

    public let calls: [ToolCall]

    public init(_ calls: [ToolCall]) { self.calls = calls }

    /// Reads ``text``.
    public init(text: String) throws(Invalid) {
        let rows: [[String]]
        do {
            rows = try JSONReader.decode([[String]].self, from: Array(text.utf8))
        } catch {
            throw Invalid(cause: error)
        }
        guard rows.allSatisfy({ $0.count == 3 }) else { throw Invalid(cause: nil) }
        calls = rows.map { ToolCall(id: $0[0], name: $0[1], arguments: $0[2]) }
    }

    public var text: String { String(decoding: JSONWriter.encode(calls.map { [$0.id, $0.name, $0.arguments] }), as: UTF8.self) }
}
