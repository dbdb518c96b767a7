public import CodegenModel

/// Diagnostics as JSON for programs: an array of objects, one a line.
public enum DiagnosticReport {
    public static func json(_ diagnostics: [Diagnostic]) -> String {
        let entries = diagnostics.map { diagnostic in
            var members = [
                ("file", JSONWriter.quoted(diagnostic.position.file)), ("line", String(diagnostic.position.line)),
                ("column", String(diagnostic.position.column)), ("severity", JSONWriter.quoted(diagnostic.severity.rawValue)),
                ("rule", JSONWriter.quoted(diagnostic.rule)), ("message", JSONWriter.quoted(diagnostic.message)),
            ]
            if let help = diagnostic.help { members.append(("help", JSONWriter.quoted(help))) }
            return "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
        }
        return entries.isEmpty ? "[]\n" : "[\n" + entries.joined(separator: ",\n") + "\n]\n"
    }
}
