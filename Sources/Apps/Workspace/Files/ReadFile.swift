import APISupport

/// `read_file`: the text of a file, or of a range of its lines.
enum ReadFile {
    static let accepted = ["path", "encoding", "start_line", "end_line"]
    /// The largest file that is read at all, and the most text given back at a time.
    static let maximumFileSize = 16 << 20
    static let maximumContent = 256 << 10

    static func run(_ object: JSONObject, in root: Directory) throws(ToolFailure) -> JSONObject {
        let arguments = try ToolArguments(object, tool: "read_file", accepted: accepted)
        let path = try WorkspacePath(arguments.requiredString("path"))
        let encoding = try TextEncoding(named: arguments.string("encoding") ?? TextEncoding.utf8.rawValue)
        let lines = 1...Int(Int32.max)
        let first = try arguments.integer("start_line", in: lines) ?? 1
        let last = try arguments.integer("end_line", in: lines)
        if let last, last < first {
            throw ToolFailure(.invalidArguments, "'end_line' (\(last)) of read_file is before 'start_line' (\(first))")
        }

        let location = try PathResolution.resolve(path, in: root)
        let name = location.path
        let bytes = try RegularFile(reading: location).contents(limit: maximumFileSize, path: name)
        let text = try encoding.decode(bytes, path: name)
        return try excerpt(of: text, first: first, last: last, path: name, encoding: encoding)
    }

    private static func excerpt(
        of text: String, first: Int, last: Int?, path: String, encoding: TextEncoding
    ) throws(ToolFailure) -> JSONObject {
        // The last line's end is no line of its own: "a\nb\n" has two lines.
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard first <= max(lines.count, 1) else {
            throw ToolFailure(.invalidArguments, "'start_line' is \(first), but '\(shortened(path))' has \(lines.count) lines")
        }
        let end = min(last ?? lines.count, lines.count)
        var content: [UInt8] = []
        var reached = first - 1
        while reached < end {
            let line = lines[reached]
            guard content.count + line.count + 1 <= maximumContent || content.isEmpty else { break }
            content += line.prefix(maximumContent)
            // The text is given as it is: the file's last line gets no line end that it does not have.
            if line.endIndex < text.utf8.endIndex { content.append(UInt8(ascii: "\n")) }
            reached += 1
        }
        var result: JSONObject = [
            "path": .string(path),
            "content": .string(String(decoding: content, as: UTF8.self)),
            "encoding": .string(encoding.rawValue),
            "start_line": .integer(Int64(min(first, lines.count))),
            "end_line": .integer(Int64(reached)),
            "total_lines": .integer(Int64(lines.count)),
            "truncated": .boolean(reached < end),
        ]
        if reached < end { result["hint"] = .string("go on with start_line \(reached + 1)") }
        return result
    }
}
