import CodegenModel

/// Changes as text for people and as JSON for programs.
public enum ChangeReport {
    /// A line a change, and one that counts them.
    public static func text(_ changes: [Change]) -> String {
        if changes.isEmpty { return "no change\n" }
        let lines = changes.map { change in
            let places = [change.old, change.new].map { $0.map { "\($0.file):\($0.line):\($0.column)" } ?? "(absent)" }
            return "\(places[0]) -> \(places[1]): \(words(change)): \(change.message) [\(change.kind.rawValue)]\n"
        }
        func count(_ impact: Change.Impact) -> Int { changes.filter { min($0.clients, $0.servers) == impact }.count }
        let totals = "\(count(.breaking)) breaking, \(count(.unclassified)) unclassified, \(count(.compatible)) compatible\n"
        return lines.joined() + totals
    }

    private static func words(_ change: Change) -> String {
        switch (change.clients, change.servers) {
        case (.breaking, .breaking): "breaking for clients and servers"
        case (.breaking, _): "breaking for clients"
        case (_, .breaking): "breaking for servers"
        case (.compatible, .compatible): "compatible"
        default: "unclassified"
        }
    }

    /// An array of objects, one a line.
    public static func json(_ changes: [Change]) -> String {
        let entries = changes.map { change in
            let members = [
                ("rule", JSONWriter.quoted(change.kind.rawValue)), ("message", JSONWriter.quoted(change.message)),
                ("clients", JSONWriter.quoted(change.clients.rawValue)), ("servers", JSONWriter.quoted(change.servers.rawValue)),
                ("old", position(change.old)), ("new", position(change.new)),
            ]
            return "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
        }
        return entries.isEmpty ? "[]\n" : "[\n" + entries.joined(separator: ",\n") + "\n]\n"
    }

    private static func position(_ position: SourcePosition?) -> String {
        guard let position else { return "null" }
        return "{\"file\": \(JSONWriter.quoted(position.file)), \"line\": \(position.line), \"column\": \(position.column)}"
    }
}
