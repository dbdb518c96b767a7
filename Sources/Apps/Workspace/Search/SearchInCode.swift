import APISupport

/// `search_in_code`: the lines of the workspace's text files that hold a text or match a regular expression.
enum SearchInCode {
    static let accepted = ["query", "path", "file_pattern", "case_sensitive", "regex", "max_results"]
    static let maximumQuery = 4_096
    static let maximumResults = 1_000
    static let defaultResults = 100
    /// Larger files are passed over: they are data, seldom code.
    static let maximumFileSize = 4 << 20
    /// A shown line is cut there; a longer one is searched up to ten times that.
    static let maximumLineShown = 400
    static let skippedFolders: Set<String> = [".git", ".build"]
    /// What a search may take altogether; what it has found until then is given back, marked as truncated.
    static let timeLimit: Duration = .seconds(20)

    static func run(_ object: JSONObject, in root: Directory) throws(ToolFailure) -> JSONObject {
        let arguments = try ToolArguments(object, tool: "search_in_code", accepted: accepted)
        let query = try arguments.requiredString("query")
        guard !query.isEmpty, query.utf8.count <= maximumQuery else {
            throw ToolFailure(.invalidArguments, "'query' of search_in_code has 1 to \(maximumQuery) bytes")
        }
        let path = try WorkspacePath(arguments.string("path") ?? ".")
        let isCaseSensitive = try arguments.flag("case_sensitive", default: false)
        let matcher: LineMatcher =
            try arguments.flag("regex", default: false)
            ? .expression(RegularExpression(query, isCaseSensitive: isCaseSensitive))
            : .text(query, isCaseSensitive: isCaseSensitive)
        let limit = try arguments.integer("max_results", in: 1...maximumResults) ?? defaultResults
        var search = Search(matcher: matcher, limit: limit)
        let glob = try arguments.string("file_pattern").map(Glob.init)

        switch try PathResolution.resolve(path, in: root) {
        case .missing(_, _, let path): throw ToolFailure(.notFound, "'\(shortened(path))' does not exist")
        case .file(let folder, let name, let path): try search.search(name, in: folder, path: path)
        case .directory(let folder, let start):
            var walk = FolderWalk()
            try walk.visit(folder, path: start) { entry throws(ToolFailure) in
                if search.isOver { return .stop }
                if entry.isFolder { return skippedFolders.contains(entry.name) ? .passOver : .enter }
                guard entry.isRegularFile, glob?.matches(entry.path, relativeTo: start) ?? true else { return .passOver }
                // A file that cannot be read (permissions, too large, gone) does not end the search.
                do throws(ToolFailure) {
                    try search.search(entry.name, in: entry.folder, path: entry.path)
                } catch {
                    if error.code == .cancelled { throw error }
                    search.filesPassedOver += 1
                }
                return .passOver
            }
            if walk.isCut { search.isCut = true }
        }
        return [
            "query": .string(query),
            "matches": .array(search.matches),
            "count": .integer(Int64(search.matches.count)),
            "files_searched": .integer(Int64(search.filesSearched)),
            "files_passed_over": .integer(Int64(search.filesPassedOver)),
            "truncated": .boolean(search.isCut),
        ]
    }

    /// One search under way.
    private struct Search {
        let matcher: LineMatcher
        let limit: Int
        let deadline = ContinuousClock.now.advanced(by: SearchInCode.timeLimit)
        var matches: [JSONValue] = []
        var filesSearched = 0
        var filesPassedOver = 0
        var isCut = false

        init(matcher: LineMatcher, limit: Int) {
            self.matcher = matcher
            self.limit = limit
        }

        var isOver: Bool { isCut }

        mutating func search(_ name: String, in folder: Directory, path: String) throws(ToolFailure) {
            let file = try RegularFile(reading: name, in: folder, path: path)
            let bytes = try file.contents(limit: SearchInCode.maximumFileSize, path: path)
            // Git's own rule for a binary file: a NUL among the first 8000 bytes.
            guard !bytes.prefix(8_000).contains(0) else {
                filesPassedOver += 1
                return
            }
            filesSearched += 1
            for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
                if index % 256 == 0 {
                    if Task.isCancelled { throw ToolFailure(.cancelled, "cancelled") }
                    if ContinuousClock.now >= deadline { isCut = true }
                }
                if isCut { return }
                guard let column = matcher.column(in: line.prefix(10 * SearchInCode.maximumLineShown)) else { continue }
                guard matches.count < limit else {
                    isCut = true
                    return
                }
                var text = String(decoding: line.prefix(SearchInCode.maximumLineShown), as: UTF8.self)
                if text.hasSuffix("\r") { text.removeLast() }
                if line.count > SearchInCode.maximumLineShown { text += "…" }
                matches.append(
                    .object([
                        "path": .string(path), "line": .integer(Int64(index + 1)), "column": .integer(Int64(column + 1)),
                        "text": .string(text),
                    ]))
            }
        }
    }
}

/// Finds the query in a line.
enum LineMatcher: Sendable {
    case literal([UInt8], foldsASCII: Bool)
    case expression(RegularExpression)

    /// A text without letters outside ASCII is compared byte by byte; folding the case of others needs an expression.
    static func text(_ query: String, isCaseSensitive: Bool) throws(ToolFailure) -> LineMatcher {
        if isCaseSensitive { return .literal(Array(query.utf8), foldsASCII: false) }
        if query.utf8.allSatisfy({ $0 < 0x80 }) { return .literal(query.utf8.map(foldedASCII), foldsASCII: true) }
        let escaped = query.unicodeScalars.map { scalar in
            scalar.value < 0x80 && !ScalarSet.word.contains(scalar.value) ? "\\\(scalar)" : String(scalar)
        }
        return .expression(try RegularExpression(escaped.joined(), isCaseSensitive: false))
    }

    /// The offset in the line, in bytes for a text and in scalars for an expression.
    func column(in line: ArraySlice<UInt8>) -> Int? {
        switch self {
        case .expression(let expression):
            return expression.firstMatch(in: Array(String(decoding: line, as: UTF8.self).unicodeScalars))
        case .literal(let needle, let foldsASCII):
            guard line.count >= needle.count else { return nil }
            return line.withUnsafeBufferPointer { line in
                for offset in 0...(line.count - needle.count) {
                    var index = 0
                    while index < needle.count, needle[index] == (foldsASCII ? foldedASCII(line[offset + index]) : line[offset + index]) {
                        index += 1
                    }
                    if index == needle.count { return offset }
                }
                return nil
            }
        }
    }
}

private func foldedASCII(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
