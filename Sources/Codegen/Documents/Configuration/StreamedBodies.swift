public import CodegenModel

/// Which bodies are handed on as they come: `streaming` in codegen.yaml, for documents that do not say `x-streaming` themselves.
public struct StreamedBodies: Sendable, Equatable {
    /// Operations whose bodies are streamed that are bytes or multipart; named as in a filter.
    public var operations: [String]
    /// Media types of which every body is streamed; `*` stands for any characters.
    public var mediaTypes: [String]
    /// Where the configuration has each of them; empty when they were given otherwise.
    public var positions: [String: SourcePosition]

    public init(operations: [String] = [], mediaTypes: [String] = [], positions: [String: SourcePosition] = [:]) {
        self.operations = operations
        self.mediaTypes = mediaTypes
        self.positions = positions
    }
}

extension ReadContext {
    /// Whether bodies of the media type are streamed wherever they are.
    func isStreamed(mediaType: String) -> Bool {
        let patterns = streaming.mediaTypes.filter { OperationFilter.Selection.matches(mediaType, $0.lowercased()) }
        usedStreaming.formUnion(patterns)
        return !patterns.isEmpty
    }

    /// Whether bytes and multipart bodies are streamed of the operation that is being modelled.
    var isOperationStreamed: Bool {
        guard case .operation(let name)? = diagnostics.subject, streaming.operations.contains(name) else { return false }
        usedStreaming.insert(name)
        return true
    }

    /// Reports names in `streaming` that nothing in the documents has. Behind a filter much is never looked at.
    func checkStreaming() {
        guard filter.isEmpty else { return }
        for (kind, names) in [("operation", streaming.operations), ("media type", streaming.mediaTypes)] {
            for name in names where !usedStreaming.contains(name) {
                guard let position = streaming.positions[name] else { continue }
                diagnostics.report(
                    .filterUnmatched, "`streaming` names the \(kind) `\(name)`, of which there is no body that could be streamed",
                    at: position)
            }
        }
    }
}
