/// A word of a name.
struct NameWord: Equatable {
    var text: String

    /// As the first word of a lower-camel name: `id`, `session`.
    var lowercasedForm: String { text.lowercased() }

    /// Inside a name, or at the start of a type's: `ID`, `Session`.
    var capitalizedForm: String {
        let lower = text.lowercased()
        if let initialism = ReservedNames.initialisms[lower] { return initialism }
        if isAcronym { return text }
        return lower.prefix(1).uppercased() + lower.dropFirst()
    }

    /// Written in capitals inside a name that has small letters too, such as the `SQL` of `SQLDialect`.
    var isAcronym = false
}

/// Finds the words of a name.
enum NameWords {
    /// The words of `name`, in order; at least one unless `name` is empty.
    static func split(_ name: String) -> [NameWord] {
        var words = Self.words(of: name, spellingSeparators: false)
        if words.isEmpty { words = Self.words(of: name, spellingSeparators: true) }
        return words
    }

    private static func words(of name: String, spellingSeparators: Bool) -> [NameWord] {
        let scalars = Array(name.unicodeScalars)
        let hasLowercase = scalars.contains { $0.properties.isLowercase }
        var words: [NameWord] = []
        var run: [Unicode.Scalar] = []

        func finishRun() {
            words += humps(of: run, keepsAcronyms: hasLowercase)
            run = []
        }
        for (index, scalar) in scalars.enumerated() {
            if isPartOfWord(scalar) {
                run.append(scalar)
                continue
            }
            finishRun()
            let isSign = index == 0 && (scalar == "-" || scalar == "+") && scalars.count > 1
            if spellingSeparators || isSign || !separators.contains(scalar) {
                words += spelled(scalar)
            }
        }
        finishRun()
        return words
    }

    /// Splits `getSessionID2` at its humps: before a capital that follows a small letter or a digit, and before the last capital of a run
    /// that a small letter follows (`HTTPServer`), unless that letter is a plural's lone `s` (`IDs`).
    private static func humps(of run: [Unicode.Scalar], keepsAcronyms: Bool) -> [NameWord] {
        var words: [NameWord] = []
        var start = 0

        func isUpper(_ index: Int) -> Bool { index < run.count && run[index].properties.isUppercase }
        func isLower(_ index: Int) -> Bool { index < run.count && run[index].properties.isLowercase }
        func finish(at end: Int) {
            guard start < end else { return }
            let text = String(String.UnicodeScalarView(run[start..<end]))
            let capitals = (start..<end).filter(isUpper).count
            let isAcronym = keepsAcronyms && capitals > 1 && !(start..<end).contains(where: isLower)
            words.append(NameWord(text: text, isAcronym: isAcronym))
            start = end
        }
        for index in run.indices.dropFirst() where isUpper(index) {
            let endsPlural = run[safe: index + 1] == "s" && !isLower(index + 2)
            if !isUpper(index - 1) || (isLower(index + 1) && !endsPlural) { finish(at: index) }
        }
        finish(at: run.count)
        return words
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar != "_" && scalar.properties.isXIDContinue }
        // Join controls and modifiers are legal in identifiers, but cannot be told apart by a reader.
        return scalar.properties.isXIDContinue && !scalar.properties.isDefaultIgnorableCodePoint
    }

    private static let separators: Set<Unicode.Scalar> = [
        "-", "_", " ", ".", "/", ":", ",", ";", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "|", "`", "\t", "\n", "\r", "\u{A0}",
    ]

    /// A symbol in words: its everyday name, else its Unicode name, else its code.
    private static func spelled(_ scalar: Unicode.Scalar) -> [NameWord] {
        if let name = symbolNames[scalar] { return name.split(separator: " ").map { NameWord(text: String($0)) } }
        if scalar.properties.isDefaultIgnorableCodePoint { return [] }
        if let name = scalar.properties.name {
            return name.split { $0 == " " || $0 == "-" }.map { NameWord(text: $0.lowercased()) }
        }
        return [NameWord(text: "u" + String(scalar.value, radix: 16))]
    }

    private static let symbolNames: [Unicode.Scalar: String] = [
        "+": "plus", "-": "minus", "*": "star", "/": "slash", "=": "equals", "<": "less than", ">": "greater than", "!": "not",
        "?": "question", "@": "at", "#": "hash", "$": "dollar", "%": "percent", "&": "and", "^": "caret", "~": "tilde", ".": "dot",
        ",": "comma", ":": "colon", ";": "semicolon", "_": "underscore", " ": "space", "|": "pipe", "\\": "backslash", "'": "quote",
        "\"": "double quote", "`": "backtick", "(": "left parenthesis", ")": "right parenthesis", "[": "left bracket",
        "]": "right bracket", "{": "left brace", "}": "right brace",
    ]
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
