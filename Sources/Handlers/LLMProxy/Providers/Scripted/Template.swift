/// Text with places to fill in from the conversation:
///
/// - `{{user}}`: the last message of the user;
/// - `{{result}}`: what the last tool gave; `{{result:label}}`: what the call with that label (or of that tool) gave last;
/// - `{{result:label/content}}`: the member of a result that is JSON, by JSON pointer (RFC 6901); the whole text when there is none. A `*` in
///   the pointer stands for every element of an array: `{{result:files/entries/*/path}}` has a line for each;
/// - filters behind a bar, left to right: `{{result:readme | lines 5 | trim}}`. `lines N` and `characters N` keep the beginning, `containing TEXT`
///   keeps lines, `count_lines` counts them, `trim` takes white space from both ends, `trimmed_lines` from those of every line, `bullets` and
///   `quoted` make lines a Markdown list or quotation, `number` makes 0 of what is no number, such as the text of an error.
struct Template: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case literal(String)
        case place(Source, [Filter])
    }

    enum Source: Sendable, Equatable {
        case user
        /// `label` nil: the last one. An empty pointer is the whole result.
        case result(label: String?, pointer: String)
    }

    enum Filter: Sendable, Equatable {
        case lines(Int)
        case characters(Int)
        case containing(String)
        case countLines
        case trim
        case trimmedLines
        case bullets
        case quoted
        case number
    }

    /// Why a text is not a template, for people.
    struct SyntaxError: Error, Equatable {
        var message: String
    }

    let parts: [Part]

    init(_ source: String) throws(SyntaxError) {
        var parts: [Part] = []
        var rest = Substring(source)
        while let open = rest.firstRange(of: "{{") {
            if open.lowerBound > rest.startIndex { parts.append(.literal(String(rest[..<open.lowerBound]))) }
            let inside = rest[open.upperBound...]
            guard let close = inside.firstRange(of: "}}") else { throw SyntaxError(message: "`{{` without `}}`") }
            parts.append(try Self.place(inside[..<close.lowerBound]))
            rest = inside[close.upperBound...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        self.parts = parts
    }

    private static func place(_ text: Substring) throws(SyntaxError) -> Part {
        var pieces = text.split(separator: "|", omittingEmptySubsequences: false).map(\.trimmed)
        let name = pieces.removeFirst()
        let source = try source(name)
        var filters: [Filter] = []
        for piece in pieces { filters.append(try filter(piece)) }
        return .place(source, filters)
    }

    private static func source(_ name: Substring) throws(SyntaxError) -> Source {
        if name == "user" { return .user }
        guard name.hasPrefix("result") else {
            throw SyntaxError(message: "unknown place `{{\(name)}}`: there are `user` and `result`")
        }
        let rest = name.dropFirst("result".count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let label = rest[..<slash]
        guard label.isEmpty || (label.first == ":" && label.count > 1) else {
            throw SyntaxError(message: "unknown place `{{\(name)}}`: write `result:label`")
        }
        return .result(label: label.isEmpty ? nil : String(label.dropFirst()), pointer: String(rest[slash...]))
    }

    private static func filter(_ text: Substring) throws(SyntaxError) -> Filter {
        let name = text.prefix { $0 != " " }
        let argument = text[name.endIndex...].trimmed
        switch (name, Int(argument), argument.isEmpty) {
        case ("lines", let count?, _) where count >= 0: return .lines(count)
        case ("characters", let count?, _) where count >= 0: return .characters(count)
        case ("containing", _, false): return .containing(String(argument))
        case ("count_lines", _, true): return .countLines
        case ("trim", _, true): return .trim
        case ("trimmed_lines", _, true): return .trimmedLines
        case ("bullets", _, true): return .bullets
        case ("quoted", _, true): return .quoted
        case ("number", _, true): return .number
        default:
            throw SyntaxError(
                message: """
                    unknown filter `\(text)`: there are `lines N`, `characters N`, `containing TEXT`, `count_lines`, `trim`, `trimmed_lines`, \
                    `bullets`, `quoted` and `number`
                    """)
        }
    }
}

extension Substring {
    /// Without white space at either end.
    var trimmed: Substring {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return self[first...last]
    }
}
