/// Turns a name of a document into a Swift identifier.
///
/// Pure and total: any text, the empty one included, gives a legal identifier, always the same one. Words are found at separators and at
/// camel-case humps and joined again in Swift's convention, with well-known initialisms in one case: `session_id` becomes `sessionID`,
/// `list-jwks` becomes `listJWKS`. A name that is a keyword is returned in backticks, ready to be written anywhere in source.
/// Two names may give the same identifier: ``NameScope`` keeps them apart.
public enum Namer {
    /// An identifier in lower camel case, for a property, a method, a parameter or an enum case.
    public static func member(_ name: String) -> String {
        let words = NameWords.split(name)
        var result = ""
        for word in words {
            result += result.isEmpty ? word.lowercasedForm : word.capitalizedForm
        }
        return escaped(withLegalStart(result), reserved: ReservedNames.memberSuffixed)
    }

    /// An identifier in upper camel case, for a type.
    public static func type(_ name: String) -> String {
        let result = NameWords.split(name).map(\.capitalizedForm).joined()
        return escaped(withLegalStart(result), reserved: ReservedNames.typeSuffixed)
    }

    /// An identifier that somebody chose, in backticks when it is a keyword.
    public static func escaped(_ identifier: String) -> String { escaped(identifier, reserved: ReservedNames.memberSuffixed) }

    /// The identifier without the backticks that a keyword needs where it stands alone, for use inside a longer one.
    public static func unescaped(_ identifier: String) -> String {
        identifier.hasPrefix("`") ? String(identifier.dropFirst().dropLast()) : identifier
    }

    /// An identifier cannot begin with a digit or a combining mark.
    private static func withLegalStart(_ name: String) -> String {
        guard let first = name.unicodeScalars.first else { return "empty" }
        return first.properties.isXIDStart || first == "_" ? name : "_" + name
    }

    private static func escaped(_ name: String, reserved: Set<String>) -> String {
        if reserved.contains(name) { return name + "Value" }
        return ReservedNames.keywords.contains(name) ? "`\(name)`" : name
    }
}
