import CodegenModel

/// How values and names are spelled in Swift source.
enum SwiftLiteral {
    /// A string literal on one line, without interpolation, fit for `StaticString`.
    static func string(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                // Controls and format characters (such as a change of writing direction) must not act on the source.
                let mustEscape = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.properties.generalCategory == .format
                if mustEscape {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    /// An array literal of strings.
    static func strings(_ values: [String]) -> String {
        "[" + values.map(string).joined(separator: ", ") + "]"
    }

    /// A default value as an expression where the type is known.
    static func value(_ literal: LiteralValue) -> String {
        switch literal {
        case .string(let value): string(value)
        case .enumCase(let name): ".\(identifier(name))"
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        case .null: "nil"
        case .array(let values): "[\(values.map(Self.value).joined(separator: ", "))]"
        case .map(let members):
            members.isEmpty ? "[:]" : "[\(members.map { "\(string($0.name)): \(Self.value($0.value))" }.joined(separator: ", "))]"
        case .object(_, let arguments): ".init(\(arguments.map { "\(label($0.name)): \(Self.value($0.value))" }.joined(separator: ", ")))"
        case .variant(let name, let payload): ".\(identifier(name))(\(Self.value(payload)))"
        case .timestamp(let seconds, let nanoseconds): ".init(secondsSinceEpoch: \(seconds), nanoseconds: \(nanoseconds))"
        case .bytes(let bytes): "[\(bytes.map { String($0) }.joined(separator: ", "))]"
        case .exactNumber(let text): ".init(literal: \(string(text)))"
        }
    }

    /// A name where a declaration or an expression stands: in backticks when it is a keyword
    /// and the ``Namer`` has not put it there already.
    static func identifier(_ name: String) -> String {
        keywords.contains(name) ? "`\(name)`" : name
    }

    /// A name as an argument's label, where only `inout` needs its backticks and others are warned of.
    static func label(_ name: String) -> String {
        let plain = Namer.unescaped(name)
        return plain == "inout" ? "`\(plain)`" : plain
    }

    /// Words that cannot stand for a name without backticks (The Swift Programming Language, Lexical Structure).
    private static let keywords: Set<String> = [
        "associatedtype", "class", "deinit", "enum", "extension", "fileprivate", "func", "import", "init", "inout", "internal", "let",
        "open", "operator", "private", "precedencegroup", "protocol", "public", "rethrows", "static", "struct", "subscript", "typealias",
        "var", "break", "case", "catch", "continue", "default", "defer", "do", "else", "fallthrough", "for", "guard", "if", "in", "repeat",
        "return", "throw", "switch", "where", "while", "Any", "as", "await", "false", "is", "nil", "self", "Self", "super", "throws",
        "true",
        "try", "_", "Type", "Protocol",
    ]
}
