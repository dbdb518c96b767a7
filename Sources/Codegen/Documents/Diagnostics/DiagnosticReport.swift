public import CodegenModel

/// Diagnostics as JSON for programs: an array of objects, one a line.
public enum DiagnosticReport {
    public static func json(_ diagnostics: [Diagnostic]) -> String {
        let entries = diagnostics.map { diagnostic in
            var members = [
                ("file", quoted(diagnostic.position.file)), ("line", String(diagnostic.position.line)),
                ("column", String(diagnostic.position.column)), ("severity", quoted(diagnostic.severity.rawValue)),
                ("rule", quoted(diagnostic.rule)), ("message", quoted(diagnostic.message)),
            ]
            if let help = diagnostic.help { members.append(("help", quoted(help))) }
            return "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
        }
        return entries.isEmpty ? "[]\n" : "[\n" + entries.joined(separator: ",\n") + "\n]\n"
    }

    /// RFC 8259, section 7.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case ..<" ": result += "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2) + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
